import { ArrowDown } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useTranslations } from "use-intl";
import { useStickToBottom } from "use-stick-to-bottom";
import { asProblem } from "@/api/problem";
import type { Session } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { Skeleton } from "@/ui/Skeleton";
import { useKeptFocus } from "./focus";
import type { History } from "./history";
import { refreshEnd } from "./history";
import { RowView } from "./RowView";
import { useJump, useLettingGo, useMoreAtEnds } from "./scrolling";
import { isLive, type Outline, SENT } from "./turn";
import { unsentEditOf } from "./unsent";
import { rowsOf } from "./view";

interface ThreadProps {
  sessionId: string | null;
  session: Session | null;
  history: History | null;
  turn: Outline | null;
  /** The message to show, and to have glow once. */
  target: string | null;
  /** The message that is being put differently. */
  editing: string | null;
  onEdit(messageId: string | null): void;
}

/** How many rows at the end are always laid out: what is seen first must not change its height. */
const LAID_OUT = 16;

/** What was said, in order, with what is being said at its end. */
export function Thread({ sessionId, session, history, turn, target, editing, onEdit }: ThreadProps) {
  const t = useTranslations("conversation");
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll } = useStickToBottom({
    initial: target === null ? "instant" : false,
    resize: "instant",
  });
  const live = isLive(turn);
  const atEnd = history?.newer == null;
  const answering = live || session === null || session.active_run_id !== null;
  const rows = useMemo(
    () => rowsOf(history?.items ?? [], turn, { answering, atEnd }),
    [history, turn, answering, atEnd],
  );
  // What was not sent is being put differently: that it was not needs no saying meanwhile.
  const reopened = editing === SENT && unsentEditOf(turn) !== null;
  const shown = reopened ? rows.filter((row) => row.kind !== "failed") : rows;
  useEffect(() => {
    if (editing === SENT && !reopened) onEdit(null);
  }, [editing, reopened, onEdit]);
  useLettingGo(scrollRef, stopScroll);
  useKeptFocus(rows, live);
  const ends = useMoreAtEnds(scrollRef, sessionId, history);
  const glowing = useJump({ scrollRef, sessionId, target, history, stopScroll });
  // A turn that begins a session has all there is to show before anything is read.
  const loading = history === null && !(turn !== null && turn.after === null && turn.question !== null);

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scrollRef} className="h-full overflow-y-auto overscroll-contain" data-scroller>
        <div ref={contentRef} className="mx-auto w-full max-w-[752px] px-4 pt-2 pb-8">
          {loading && <ThreadSkeleton />}
          <div ref={ends.topRef} aria-hidden="true" />
          {history?.older && <MoreSkeleton />}
          {!loading && rows.length === 0 && <p className="py-16 text-center text-soft">{t("nothingSaid")}</p>}
          {shown.map((row, position) => (
            <RowView
              key={row.key}
              row={row}
              sessionId={sessionId}
              last={atEnd && position === shown.length - 1}
              settled={position < shown.length - LAID_OUT}
              glowing={row.key === glowing}
              editing={row.key === SENT ? reopened : row.key === editing}
              busy={live}
              onEdit={onEdit}
            />
          ))}
          {history?.newer && <MoreSkeleton />}
          <div ref={ends.bottomRef} aria-hidden="true" />
        </div>
      </div>
      {(!isAtBottom || !atEnd) && !loading && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <IconButton
            label={t("toEnd")}
            className="pointer-events-auto animate-fade-in rounded-full! border border-line bg-card shadow-lift"
            onClick={() => {
              if (!atEnd && sessionId !== null)
                void refreshEnd(sessionId).then(() => scrollToBottom("instant"), asProblem);
              else void scrollToBottom("instant");
            }}
          >
            <ArrowDown size={17} />
          </IconButton>
        </div>
      )}
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div className="flex flex-col gap-5" aria-busy="true">
      <Skeleton className="ms-auto h-11 w-2/5 rounded-shell" />
      <Skeleton className="h-4 w-11/12" />
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-4 w-3/5" />
      <Skeleton className="ms-auto h-11 w-1/2 rounded-shell" />
      <Skeleton className="h-4 w-10/12" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}

function MoreSkeleton() {
  return (
    <div className="flex flex-col gap-3 py-4" aria-busy="true">
      <Skeleton className="h-4 w-11/12" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}
