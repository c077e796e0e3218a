import { Skeleton } from "@/ui/Skeleton";
import { Header } from "./Header";

/** A room whose code is on its way. */
export function RoomSkeleton() {
  return (
    <>
      <Header title="" />
      <div className="mx-auto flex w-full max-w-[920px] flex-col gap-4 p-6" aria-busy="true">
        <Skeleton className="h-8 w-48" />
        <Skeleton className="h-11 rounded-card" />
        <Skeleton className="h-24 rounded-card" />
        <Skeleton className="h-24 rounded-card" />
      </div>
    </>
  );
}
