import { useTranslations } from "use-intl";
import { useRetention } from "@/api/queries";
import { COMPOSER } from "@/shell/shortcuts";
import { Mark } from "@/ui/Mark";
import { setDraft } from "./drafts";
import { NEW } from "./turn";

const EXAMPLES = ["tell", "ask", "forget"] as const;

/** A chat before its first message: what this is, taught by examples. */
export function Empty({ temporary }: { temporary: boolean }) {
  const t = useTranslations("conversation");
  const { data } = useRetention();
  const known = (data?.usage.memories ?? 0) > 0;
  if (temporary) {
    return (
      <div className="m-auto flex max-w-md flex-col items-center gap-3 p-6 text-center">
        <div className="rounded-shell border border-edge border-dashed p-3">
          <Mark size={34} className="opacity-60" />
        </div>
        <h2 className="text-title">{t("temporaryTitle")}</h2>
        <p className="text-soft">{t("temporaryText")}</p>
      </div>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-[752px] flex-col justify-end gap-6 px-4 pt-10 pb-8 md:justify-center">
        <div className="flex flex-col gap-3">
          <Mark size={40} />
          <h2 className="text-[26px] leading-[34px]">{known ? t("emptyKnown") : t("emptyTitle")}</h2>
          <p className="max-w-lg text-soft">{t("emptyText")}</p>
        </div>
        <ul className="grid gap-2.5 md:grid-cols-3">
          {EXAMPLES.map((name) => (
            <li key={name}>
              <button
                type="button"
                onClick={() => {
                  setDraft(NEW, t(`examples.${name}.words`));
                  document.getElementById(COMPOSER)?.focus();
                }}
                className="flex h-full w-full flex-col gap-1 rounded-card border border-line bg-card p-3.5 text-start transition-colors duration-150 hover:border-edge"
              >
                <span className="text-ink">{t(`examples.${name}.words`)}</span>
                <span className="text-small text-soft">{t(`examples.${name}.why`)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
