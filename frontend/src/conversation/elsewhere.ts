import { useEffect, useRef } from "react";
import { asProblem } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Session } from "@/api/types";
import { catchUp } from "./history";
import { isLive, type Outline } from "./turn";

/** Show of a session what was done to it elsewhere: in another tab, or beside the browser. */
export function useElsewhere(sessionId: string | null, session: Session | null, turn: Outline | null): void {
  const taking = useRef(false);
  // A turn reads the end itself when it has ended, and one that goes on elsewhere is joined.
  taking.current = isLive(turn) || !!session?.active_run_id;
  useEffect(() => {
    if (session === null || taking.current) return;
    // Where it cannot be read now, the next change tries again.
    catchUp(session).catch(asProblem);
  }, [session]);

  // It was deleted while nobody listened: so the session says too, when it is asked.
  const refused = turn?.failure?.code === "session_not_found";
  useEffect(() => {
    if (refused && sessionId !== null)
      void queryClient.invalidateQueries({ queryKey: keys.session(sessionId) });
  }, [refused, sessionId]);
}
