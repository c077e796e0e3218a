import type { ReactNode } from "react";
import { Mark } from "@/ui/Mark";
import { Skeleton } from "@/ui/Skeleton";

/**
 * The frame before anything is known. No words of its own: the language is not known either. What it stands around lies
 * where it will lie in the frame.
 */
export function FrameSkeleton({ children }: { children?: ReactNode }) {
  return (
    <div className="flex h-dvh" aria-busy="true" inert>
      <div className="hidden w-66 shrink-0 flex-col gap-5 border-line border-e bg-shelf p-3 md:flex md:in-data-[sidebar=closed]:hidden">
        <div className="flex items-center gap-2.5 px-1.5 pt-1.5">
          <Mark size={24} />
          <span className="font-semibold text-[1.0625rem]">Memocha</span>
        </div>
        <Skeleton className="h-11 rounded-row" />
        <div className="flex flex-col gap-4 px-2.5 pt-6">
          <Skeleton className="h-3.5 w-3/4" />
          <Skeleton className="h-3.5 w-1/2" />
          <Skeleton className="h-3.5 w-2/3" />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="h-13 shrink-0 border-line border-b" />
        <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        <ComposerSkeleton />
      </div>
    </div>
  );
}

/** As high as the field that one writes in. */
function ComposerSkeleton() {
  return (
    <div className="shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-4 md:pb-5">
      <div className="mx-auto w-full max-w-[720px] rounded-shell border border-line bg-card shadow-lift">
        <div className="box-content h-(--text-answer--line-height) min-h-7.5 pt-3.5 pb-1" />
        <div className="h-13 pointer-coarse:h-15" />
      </div>
    </div>
  );
}
