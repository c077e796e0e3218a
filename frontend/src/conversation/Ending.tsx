import { useTranslations } from "use-intl";
import type { Message } from "@/api/types";
import { cx } from "@/ui/cx";
import { say } from "./acting";
import { fresh } from "./options";
import { useReason } from "./reasons";
import { sayAgain } from "./saying";

interface EndingProps {
  message: Message;
  sessionId: string;
  busy: boolean;
  /** Nothing was said after it. */
  last: boolean;
}

/** How an answer ended, where it did not end by itself, and what can be done about that. */
export function Ending({ message, sessionId, busy, last }: EndingProps) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const reason = useReason();
  const { finish_reason: finish, error_code: code } = message;
  if (finish === null || finish === "stop") return null;
  const broken = finish === "interrupted";
  return (
    <span
      className={cx(
        "flex flex-wrap items-center gap-x-2 text-small",
        broken ? "w-full text-clay" : "text-soft",
      )}
    >
      <span>{finish === "length" ? t("cutOff") : reason(broken ? code : "stopped", true)}</span>
      {broken && (
        <Act
          label={common("retry")}
          busy={busy}
          onClick={() => sayAgain(sessionId, message.id, message.parent_id)}
        />
      )}
      {last && (
        <Act
          label={t("continue")}
          busy={busy}
          onClick={() => void say({ sessionId, history: null, options: fresh, content: t("continueWords") })}
        />
      )}
    </span>
  );
}

function Act({ label, busy, onClick }: { label: string; busy: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      // By its label the focus finds its way when the button goes (focus.ts).
      aria-label={label}
      disabled={busy}
      className="min-h-7 rounded-row px-1 font-semibold underline underline-offset-4 disabled:opacity-45 pointer-coarse:min-h-9"
      onClick={onClick}
    >
      {label}
    </button>
  );
}
