import { Skeleton } from "@/ui/Skeleton";

/** The timeline while it is read. */
export function TimelineSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-8 pt-1">
      {["one", "two"].map((day) => (
        <div key={day} className="grid gap-y-2 md:grid-cols-[92px_32px_minmax(0,1fr)]">
          <div className="flex flex-col gap-1.5 md:items-end">
            <Skeleton className="h-4 w-16" />
            <Skeleton className="h-3 w-10" />
          </div>
          <div className="flex flex-col gap-3 px-2 md:col-start-3">
            <Skeleton className="h-4 w-3/5" />
            <div className="grid gap-2.5 md:grid-cols-2">
              <Skeleton className="h-21 rounded-card" />
              <Skeleton className="h-21 rounded-card" />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
