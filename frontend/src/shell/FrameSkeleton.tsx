import { Mark } from "@/ui/Mark";
import { Skeleton } from "@/ui/Skeleton";

/** The frame before anything is known. No words: the language is not known either. */
export function FrameSkeleton() {
  return (
    <div className="flex h-dvh" aria-busy="true">
      <div className="hidden w-66 shrink-0 flex-col gap-5 border-line border-e bg-shelf p-3 md:flex">
        <div className="flex items-center gap-2.5 px-1.5 pt-1.5">
          <Mark size={24} />
          <span className="font-semibold text-[17px]">Memocha</span>
        </div>
        <Skeleton className="h-11 rounded-row" />
        <div className="flex flex-col gap-4 px-2.5 pt-6">
          <Skeleton className="h-3.5 w-3/4" />
          <Skeleton className="h-3.5 w-1/2" />
          <Skeleton className="h-3.5 w-2/3" />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="h-13 border-line border-b" />
        <div className="flex-1" />
        <div className="mx-auto w-full max-w-[752px] p-4">
          <div className="h-26 rounded-shell border border-line bg-card" />
        </div>
      </div>
    </div>
  );
}
