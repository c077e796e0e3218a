import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ProblemError } from "@/api/problem";
import type { ChatRequest, RecalledMemory, RunEvent } from "@/api/types";

export type TurnStatus = "waiting" | "streaming" | "done" | "stopped" | "error";

export interface Failure {
  code: string;
  title: string;
  /** What exactly is wrong, in the service's words. */
  detail?: string | null;
  /** When the same may be sent again, in milliseconds; null where the service does not say. */
  until?: number | null;
  /** Whose bound it met. */
  whose?: string | null;
  retryable: boolean;
}

/** What is kept of the error that a run ended with. */
function failureTold({ retry_after, ...told }: Extract<RunEvent, { event: "error" }>["data"]): Failure {
  return { ...told, until: retry_after === null ? null : Date.now() + 1_000 * retry_after };
}

/** What is kept of a problem. */
export function failureOf({ code, title, problem, until, retryable }: ProblemError): Failure {
  return { code, title, detail: problem.detail, until, whose: problem.whose, retryable };
}

/** A turn from the pressing of Send to the answer that is stored. */
export interface Turn {
  /** Null until the service has made the session. */
  sessionId: string | null;
  /** What was asked of the service; null where a run was joined that somebody else began. */
  request: ChatRequest | null;
  /** The stored message that the turn's own come after; null at the beginning. */
  after: string | null;
  /** The message that it answers, where that is new; null where it is stored already. Its id is known with the run. */
  question: { id: string | null; content: string } | null;
  runId: string | null;
  answerId: string | null;
  text: string;
  /** Null until the service has looked. */
  memories: RecalledMemory[] | null;
  degraded: boolean;
  /** How many memories went because the message asked for it. */
  forgotten: number;
  status: TurnStatus;
  /** The connection is away and sought again. */
  lost: boolean;
  /** Stop was pressed. */
  stopping: boolean;
  failure: Failure | null;
}

/** The key of a turn whose session is not made yet. */
export const NEW = "new";

/** The row of a message that has no id yet. */
export const SENT = "sent";

/** The turns that go on, and those that failed, by session. */
export const useTurns = create<{ turns: Readonly<Record<string, Turn>> }>(() => ({ turns: {} }));

/** The turn of a session (`NEW` or its id), followed. */
export function useTurn(key: string): Turn | null {
  return useTurns((state) => state.turns[key] ?? null);
}

/** A turn without what changes with every word: what stands around an answer need not be drawn anew for each. */
export type Outline = Omit<Turn, "text" | "memories" | "degraded" | "forgotten" | "lost"> & {
  empty: boolean;
};

export function outlineOf({
  text,
  memories: _,
  degraded: __,
  forgotten: ___,
  lost: ____,
  ...rest
}: Turn): Outline {
  return { ...rest, empty: text === "" };
}

/** The outline of a session's turn, followed. */
export function useOutline(key: string): Outline | null {
  return useTurns(
    useShallow((state) => {
      const turn = state.turns[key];
      return turn ? outlineOf(turn) : null;
    }),
  );
}

export function turnOf(key: string): Turn | null {
  return useTurns.getState().turns[key] ?? null;
}

/** Put a turn in its place; null takes it away. */
export function setTurn(key: string, turn: Turn | null): void {
  useTurns.setState(({ turns }) => {
    const { [key]: _, ...others } = turns;
    return { turns: turn === null ? others : { ...others, [key]: turn } };
  });
}

/** Change a turn, where there is one. */
export function changeTurn(key: string, change: Partial<Turn>): void {
  const turn = turnOf(key);
  if (turn !== null) setTurn(key, { ...turn, ...change });
}

/** A turn at its beginning. */
export function newTurn(
  given: Pick<Turn, "sessionId" | "request" | "after"> & { question: string | null },
): Turn {
  const { question, ...rest } = given;
  return {
    ...rest,
    question: question === null ? null : { id: null, content: question },
    runId: null,
    answerId: null,
    text: "",
    memories: null,
    degraded: false,
    forgotten: 0,
    status: "waiting",
    lost: false,
    stopping: false,
    failure: null,
  };
}

/** Whether an answer is still on its way. */
export function isLive<T extends { status: TurnStatus }>(
  turn: T | null,
): turn is T & { status: "waiting" | "streaming" } {
  return turn !== null && (turn.status === "waiting" || turn.status === "streaming");
}

/** The turn after an event. */
export function apply(turn: Turn, event: RunEvent): Turn {
  switch (event.event) {
    case "run": {
      // When it comes again, the run was continued by another process, and the answer starts over.
      const { run_id, session_id, user_message_id, message_id } = event.data;
      return {
        ...turn,
        sessionId: session_id,
        runId: run_id,
        answerId: message_id,
        question: turn.question && { ...turn.question, id: user_message_id },
        after: turn.question ? turn.after : user_message_id,
        text: "",
        memories: null,
        degraded: false,
        forgotten: 0,
        status: "waiting",
        failure: null,
      };
    }
    case "memories":
      return {
        ...turn,
        memories: event.data.items,
        degraded: event.data.degraded,
        forgotten: event.data.forgotten,
      };
    case "token":
      return { ...turn, text: turn.text + event.data.text, status: "streaming" };
    case "usage":
      return turn;
    case "done":
      return { ...turn, status: event.data.finish_reason === "stopped" ? "stopped" : "done", lost: false };
    case "error":
      return { ...turn, status: "error", failure: failureTold(event.data), lost: false };
  }
}
