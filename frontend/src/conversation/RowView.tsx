import { memo } from "react";
import { cx } from "@/ui/cx";
import { Answer, Coming } from "./Answer";
import { Failed } from "./Failed";
import { Question, Sent } from "./Question";
import type { Row } from "./view";

interface RowViewProps {
  row: Row;
  sessionId: string | null;
  last: boolean;
  /** Far from the end: not laid out while it is out of sight. */
  settled: boolean;
  glowing: boolean;
  editing: boolean;
  /** An answer is on its way: nothing else can be asked for. */
  busy: boolean;
  onEdit(messageId: string | null): void;
}

/** One row of a conversation. */
export const RowView = memo(
  function RowView({ row, sessionId, last, settled, glowing, editing, busy, onEdit }: RowViewProps) {
    return (
      <article
        id={`m-${row.key}`}
        data-row={row.key}
        tabIndex={-1}
        className={cx(
          "-mx-2 rounded-card px-2 py-1.5 outline-none",
          // What belongs together stands together: a question nearer to its answer than to the one before.
          (row.kind === "question" || row.kind === "sent") && "mt-5",
          // Its tooltips are cut at its edges then, so those open within it.
          settled && "[contain-intrinsic-size:auto_160px] [content-visibility:auto]",
          glowing && row.kind !== "question" && "animate-glow",
        )}
      >
        {content()}
      </article>
    );

    function content() {
      switch (row.kind) {
        case "question":
          return (
            <Question
              glowing={glowing}
              message={row.message}
              sessionId={sessionId}
              editing={editing}
              busy={busy}
              onEdit={onEdit}
            />
          );
        case "sent":
          return <Sent content={row.content} sessionId={sessionId} editing={editing} onEdit={onEdit} />;
        case "answer":
          return (
            <Answer
              sessionId={sessionId}
              message={row.message}
              text={row.message.content}
              memories={row.message.memories}
              question={row.question}
              busy={busy}
              last={last}
            />
          );
        case "coming":
          return <Coming sessionId={row.turn.sessionId ?? sessionId} busy={busy} last={last} />;
        case "failed":
          return (
            <Failed
              turn={row.turn}
              code={row.code}
              forgotten={row.forgotten}
              sessionId={sessionId}
              retryId={row.retry}
              busy={busy}
              onEdit={onEdit}
            />
          );
      }
    }
  },
  (before, after) => sameRow(before.row, after.row) && SAME.every((name) => before[name] === after[name]),
);

const SAME = ["sessionId", "last", "settled", "glowing", "editing", "busy", "onEdit"] as const;

const FAILED = ["turn", "code", "forgotten", "retry"] as const;

/** Rows are made anew with each change of the conversation; what they are made of stays the same. */
function sameRow(before: Row, after: Row): boolean {
  if (before.kind !== after.kind || before.key !== after.key) return false;
  if (before.kind === "question" && after.kind === "question") return before.message === after.message;
  if (before.kind === "answer" && after.kind === "answer") {
    return before.message === after.message && before.question === after.question;
  }
  if (before.kind === "sent" && after.kind === "sent") return before.content === after.content;
  if (before.kind === "coming" && after.kind === "coming") return before.turn === after.turn;
  if (before.kind === "failed" && after.kind === "failed")
    return FAILED.every((name) => before[name] === after[name]);
  return false;
}
