import { Suspense } from "react";
import { lazyPart } from "@/shell/lazy-part";
import { SessionsSkeleton } from "./SessionsSkeleton";

/** It is nothing without the sessions that are being asked for meanwhile, so the first load does without its code. */
const Sessions = lazyPart(() => import("./Sessions").then((m) => m.Sessions));

/** The sessions in the sidebar. `onChosen`: one has gone to one of them, and a drawer can close. */
export function SessionList({ onChosen }: { onChosen?: () => void }) {
  return (
    <Suspense fallback={<SessionsSkeleton />}>
      <Sessions onChosen={onChosen} />
    </Suspense>
  );
}
