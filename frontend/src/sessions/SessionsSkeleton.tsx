import { Skeleton } from "@/ui/Skeleton";

const WIDTHS = ["w-3/4", "w-1/2", "w-2/3", "w-5/6", "w-3/5"];

/** Sessions that are on their way. */
export function SessionsSkeleton() {
  return (
    <div className="flex flex-col gap-5.5 px-2.5 py-3" aria-busy="true">
      {WIDTHS.map((width) => (
        <Skeleton key={width} className={`h-3.5 ${width}`} />
      ))}
    </div>
  );
}
