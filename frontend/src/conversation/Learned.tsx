import { Check } from "lucide-react";
import { useTranslations } from "use-intl";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Memory } from "@/api/types";
import { deleteWithUndo, useHidden } from "@/api/undo";

/** More than these are counted. */
const SHOWN = 3;

/** What was learned from the message that this answers, with a way to take it back at once. */
export function Learned({ memories }: { memories: readonly Memory[] }) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const hidden = useHidden();
  const kept = memories.filter((memory) => !hidden.has(memory.id));

  function forget(memory: Memory): void {
    deleteWithUndo({
      ids: [memory.id],
      text: t("forgotten", { text: memory.text }),
      undo: common("undo"),
      method: "DELETE",
      path: `/api/memories/${memory.id}`,
      onDone: () => void queryClient.invalidateQueries({ queryKey: keys.memories }),
    });
  }
  return (
    <>
      {kept.slice(0, SHOWN).map((memory) => (
        <span
          key={memory.id}
          className="inline-flex min-h-7 max-w-full animate-fade-in items-center gap-1.5 rounded-full border border-edge border-dashed ps-2.5 pe-1 text-small text-soft"
        >
          <Check size={13} className="shrink-0 text-matcha" aria-hidden="true" />
          <span className="truncate">{t("remembered", { text: memory.text })}</span>
          <button
            type="button"
            className="min-h-6 shrink-0 rounded-full px-1.5 font-medium text-mocha hover:bg-hover pointer-coarse:min-h-9"
            aria-label={t("forgetThis", { text: memory.text })}
            onClick={() => forget(memory)}
          >
            {t("forget")}
          </button>
        </span>
      ))}
      {kept.length > SHOWN && (
        <span className="text-small text-soft">{t("andMore", { count: kept.length - SHOWN })}</span>
      )}
    </>
  );
}
