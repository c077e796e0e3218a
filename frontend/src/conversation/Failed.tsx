import { TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { COMPOSER } from "@/shell/shortcuts";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Forgotten } from "./Forgotten";
import { useReason } from "./reasons";
import { retry } from "./saying";
import { NEW, type Outline, SENT } from "./turn";
import { discard, takeBack, unsentEditOf, unsentOf } from "./unsent";

interface FailedProps {
  turn: Outline | null;
  /** Why there is no answer, as the service keeps it; null where that is not known, or the turn knows. */
  code: string | null;
  /** How many memories went all the same, because it asked for that. */
  forgotten: number;
  sessionId: string | null;
  /** The stored message to be answered again; null: it was not stored. */
  retryId: string | null;
  busy: boolean;
  onEdit(messageId: string | null): void;
}

/** A message without an answer: what happened, that nothing was lost, and what to do. */
export function Failed({ turn, code, forgotten, sessionId, retryId, busy, onEdit }: FailedProps) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const reason = useReason();
  const failure = turn?.failure ?? null;
  // That was wanted: nothing is wrong.
  const stopped = failure === null && code === "stopped";
  const key = sessionId ?? NEW;
  return (
    <div
      role={failure ? "alert" : undefined}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border px-4 py-3",
        stopped ? "border-line" : "border-clay/30 bg-clay-wash",
      )}
    >
      {!stopped && <TriangleAlert size={17} className="shrink-0 text-clay" aria-hidden="true" />}
      <p className="min-w-0 flex-1 basis-60 text-ink">
        {reason(failure ?? code, turn?.empty === false)} {failure && retryId === null && t("notSent")}
      </p>
      <Forgotten count={forgotten} />
      {(failure === null || failure.retryable) && (
        <Button size="small" disabled={busy} onClick={() => void retry(turn, sessionId, retryId)}>
          {common("retry")}
        </Button>
      )}
      {unsentOf(turn) !== null && (
        <>
          <Button
            size="small"
            onClick={() => {
              if (unsentEditOf(turn) !== null) return onEdit(SENT);
              takeBack(key);
              document.getElementById(COMPOSER)?.focus();
            }}
          >
            {t("edit")}
          </Button>
          <Button size="small" kind="ghost" onClick={() => discard(key)}>
            {t("discard")}
          </Button>
        </>
      )}
    </div>
  );
}
