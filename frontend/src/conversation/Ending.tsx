import { useTranslations } from "use-intl";
import { useProblemText } from "@/api/problem";
import type { Message } from "@/api/types";
import { sayAgain } from "./saying";

/** How an answer ended, where it did not end by itself. */
export function Ending({ message, sessionId, busy }: { message: Message; sessionId: string; busy: boolean }) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const words = useProblemText();
  const { finish_reason: reason, error_code: code } = message;
  if (reason === "stopped") return <span className="text-small text-soft">{t("stopped")}</span>;
  if (reason === "length") return <span className="text-small text-soft">{t("cutOff")}</span>;
  if (reason !== "interrupted") return null;
  return (
    <span className="flex w-full flex-wrap items-center gap-x-2 text-clay text-small">
      {words({ code: code ?? "interrupted", title: t("interrupted") })}
      <button
        type="button"
        disabled={busy}
        className="min-h-7 rounded-row px-1 font-semibold underline underline-offset-4 disabled:opacity-45"
        onClick={() => sayAgain(sessionId, message.id, message.parent_id ?? null)}
      >
        {common("retry")}
      </button>
    </span>
  );
}
