import { giveBack, letGo } from "./drafts";
import { setTurn, type Turn, turnOf } from "./turn";

/** The words of a turn that failed before they were stored; null where there are none. */
export function unsentOf(turn: Pick<Turn, "status" | "question"> | null): string | null {
  return turn?.status === "error" && turn.question?.id === null ? turn.question.content : null;
}

/** The message that an unsent one is an edit of; null where it is none. */
export function unsentEditOf(turn: Pick<Turn, "status" | "question" | "request"> | null): string | null {
  return unsentOf(turn) === null ? null : (turn?.request?.edit_of ?? null);
}

/** Take an unsent message back to the field that it was written in. */
export function takeBack(key: string): void {
  const words = unsentOf(turnOf(key));
  if (words === null) return;
  setTurn(key, null);
  giveBack(key, words);
}

/** Do without an unsent message. */
export function discard(key: string): void {
  if (unsentOf(turnOf(key)) === null) return;
  setTurn(key, null);
  letGo(key);
}
