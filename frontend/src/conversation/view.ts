import type { Message } from "@/api/types";
import { isLive, type Outline, SENT } from "./turn";

/** One row of a conversation. */
export type Row =
  | { kind: "question"; key: string; message: Message }
  /** Sent, and not read back yet. */
  | { kind: "sent"; key: string; content: string }
  | { kind: "answer"; key: string; message: Message; question: Message | null }
  /** On its way. */
  | { kind: "coming"; key: string; turn: Outline }
  /** A message that got no answer. `turn` knows why, where it failed here; else `code` says it, as it is stored. */
  | {
      kind: "failed";
      key: string;
      turn: Outline | null;
      code: string | null;
      /** How many memories went all the same, because it asked for that. */
      forgotten: number;
      retry: string | null;
    };

interface State {
  /** The service is answering in this session, whether that is followed here or not. */
  answering: boolean;
  /** What is loaded goes to the branch's end. */
  atEnd: boolean;
}

/**
 * What is shown: the stored messages, and in their place or after them what the turn brings. What is stored and also in
 * the turn is shown once, as it is stored.
 */
export function rowsOf(
  messages: readonly Message[],
  given: Outline | null,
  { answering, atEnd }: State,
): Row[] {
  const turn = atEnd ? given : null;
  const at = (id: string | null | undefined) =>
    id ? messages.findIndex((message) => message.id === id) : -1;
  const arrived = turn !== null && at(turn.answerId) >= 0 && !isLive(turn);
  const coming = turn !== null && !arrived ? turn : null;
  const anchor = coming && (at(coming.question?.id) >= 0 ? coming.question?.id : coming.after);
  const shown = coming === null ? messages : messages.slice(0, anchor ? keptTo(at(anchor), messages) : 0);

  const rows = shown.map((message, position): Row => {
    if (message.role === "user") return { kind: "question", key: message.id, message };
    const before = shown[position - 1];
    return { kind: "answer", key: message.id, message, question: before?.role === "user" ? before : null };
  });
  if (coming) {
    const { question } = coming;
    if (question && at(question.id) < 0)
      rows.push({ kind: "sent", key: question.id ?? SENT, content: question.content });
    if (coming.status !== "error" || !coming.empty)
      rows.push({ kind: "coming", key: coming.answerId ?? "coming", turn: coming });
  }
  const last = shown.at(-1);
  const asked = coming === null ? last : shown[at(retryOf(coming))];
  const forgotten = asked?.role === "user" && coming?.empty !== false ? asked.forgotten : 0;
  const failed = { kind: "failed", key: "failed", forgotten } as const;
  // What arrived of an answer says itself how it ended.
  if (coming?.status === "error") rows.push({ ...failed, turn: coming, code: null, retry: retryOf(coming) });
  else if (atEnd && !coming && !answering && last?.role === "user") {
    rows.push({ ...failed, turn: null, code: last.error_code, retry: last.id });
  }
  return rows;
}

/** The message whose answering is tried again; null where nothing was stored, and the same is sent again. */
function retryOf(turn: Outline): string | null {
  return turn.question?.id ?? (turn.runId || turn.request?.regenerate ? turn.after : null);
}

/** A message that the turn comes after and that is not loaded comes after all that is. */
function keptTo(position: number, messages: readonly Message[]): number {
  return position < 0 ? messages.length : position + 1;
}

/** What stands at a message among its versions: which one it is, and those beside it. Null where it is the only one. */
export function versionsOf(
  message: Message,
): { number: number; count: number; before: string | null; after: string | null } | null {
  const { siblings } = message;
  const position = siblings.indexOf(message.id);
  if (siblings.length < 2 || position < 0) return null;
  return {
    number: position + 1,
    count: siblings.length,
    before: siblings[position - 1] ?? null,
    after: siblings[position + 1] ?? null,
  };
}
