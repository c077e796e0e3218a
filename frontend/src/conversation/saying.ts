import { api, take } from "@/api/client";
import { asProblem } from "@/api/problem";
import { keys, readSession } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Message, Session } from "@/api/types";
import { chosenParameters } from "./choices";
import { giveBack, hold, letGo } from "./drafts";
import { type History, refreshEnd } from "./history";
import type { Beginning } from "./options";
import { joinRun, takeTurn } from "./runner";
import { changeTurn, failureOf, NEW, newTurn, type Outline, setTurn, turnOf } from "./turn";
import { unsentEditOf } from "./unsent";

export interface Said {
  sessionId: string | null;
  history: History | null;
  options: Beginning;
  content: string;
}

/** Say something: in a session, or in a new one. */
export async function say({ sessionId, history, options, content }: Said): Promise<void> {
  const request = { message: content, ...chosenParameters() };
  if (sessionId !== null) {
    const after = await endOf(sessionId, history);
    takeTurn({ sessionId, request: { session_id: sessionId, ...request }, after, question: content });
    return;
  }
  if (options.temporary || options.memory) {
    takeTurn({
      sessionId: null,
      request: { ...request, temporary: options.temporary },
      after: null,
      question: content,
    });
    return;
  }
  // A session that remembers nothing has to be so before its first message.
  setTurn(NEW, newTurn({ sessionId: null, request, after: null, question: content }));
  try {
    const session = await take(
      api.POST("/api/sessions", { body: { memory_enabled: false, temporary: false } }),
    );
    setTurn(NEW, null);
    takeTurn({
      sessionId: null,
      request: { ...request, session_id: session.id },
      after: null,
      question: content,
    });
  } catch (error) {
    changeTurn(NEW, { status: "error", failure: failureOf(asProblem(error)) });
  }
}

/** The last message of the branch, which what is said comes after, whatever is being read. */
async function endOf(sessionId: string, history: History | null): Promise<string | null> {
  // An answer that has just ended is read back first: what is said now comes after it, and not in its place.
  const ended = turnOf(sessionId)?.answerId ?? null;
  const read = ended === null || history?.items.some(({ id }) => id === ended);
  if (history !== null && history.newer === null && read) return history.items.at(-1)?.id ?? null;
  try {
    return (await refreshEnd(sessionId)).items.at(-1)?.id ?? null;
  } catch (error) {
    // The sending says what is wrong.
    asProblem(error);
    return ended ?? history?.items.at(-1)?.id ?? null;
  }
}

/** Have a message answered again: a sibling of the answer that there is. */
export function sayAgain(sessionId: string, messageId: string, questionId: string | null): void {
  takeTurn({
    sessionId,
    request: { session_id: sessionId, regenerate: messageId, ...chosenParameters() },
    after: questionId ?? messageId,
    question: null,
  });
}

/** Put a message differently, and have that answered: a sibling of the message. */
export function sayDifferently(
  sessionId: string,
  message: Pick<Message, "id" | "parent_id">,
  content: string,
): void {
  // What is written in the field meanwhile stays there.
  const temporary = queryClient.getQueryData<Session>(keys.session(sessionId))?.temporary ?? false;
  hold(sessionId, content, temporary);
  takeTurn({
    sessionId,
    request: { session_id: sessionId, message: content, edit_of: message.id, ...chosenParameters() },
    after: message.parent_id ?? null,
    question: content,
  });
}

/** Put an edit differently that was not sent: it stays one of the same message. */
export function sayDifferentlyAgain(sessionId: string, content: string): void {
  const turn = turnOf(sessionId);
  const edited = unsentEditOf(turn);
  if (turn !== null && edited !== null)
    sayDifferently(sessionId, { id: edited, parent_id: turn.after }, content);
}

/** Whether words are stored after a message. Throws `ProblemError`. */
async function hasArrived(sessionId: string, after: string | null, words: string): Promise<boolean> {
  const { items } = await refreshEnd(sessionId);
  const later = items.slice(items.findIndex((message) => message.id === after) + 1);
  return later.some((message) => message.role === "user" && message.content === words);
}

/**
 * Try a failed turn again. Where the message is stored it is answered (`messageId`); else it is sent again, but for
 * one that arrived though its answer did not: that one is not said twice.
 */
export async function retry(
  turn: Outline | null,
  sessionId: string | null,
  messageId: string | null,
): Promise<void> {
  if (sessionId !== null && messageId !== null) {
    sayAgain(sessionId, messageId, turn?.question?.id ?? turn?.after ?? messageId);
    return;
  }
  if (turn?.request == null) return;
  if (sessionId !== null) {
    try {
      const session = await readSession(sessionId);
      if (session.active_run_id) {
        const words = turn.question?.content ?? null;
        const arrived = words === null || (await hasArrived(sessionId, turn.after, words));
        setTurn(sessionId, null);
        if (words !== null && !arrived) giveBack(sessionId, words);
        else letGo(sessionId);
        joinRun(sessionId, session.active_run_id);
        return;
      }
      const moved = session.head_id && session.head_id !== turn.after && turn.request.edit_of == null;
      if (moved && (await hasArrived(sessionId, turn.after, turn.question?.content ?? ""))) {
        setTurn(sessionId, null);
        letGo(sessionId);
        return;
      }
    } catch (error) {
      // Still nothing answers: the sending below says so.
      asProblem(error);
    }
  }
  takeTurn({
    sessionId: turn.sessionId,
    request: turn.request,
    after: turn.after,
    question: turn.question?.content ?? null,
  });
}
