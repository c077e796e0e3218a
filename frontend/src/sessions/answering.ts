import type { Session } from "@/api/types";
import { isLive, useTurns } from "@/conversation/turn";

/** Whether an answer is on its way in a session, asked for here or elsewhere. */
export function useAnswering({ id, active_run_id }: Session): boolean {
  const here = useTurns((state) => {
    const turn = state.turns[id];
    return turn === undefined ? null : isLive(turn);
  });
  return here ?? active_run_id !== null;
}
