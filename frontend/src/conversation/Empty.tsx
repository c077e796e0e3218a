import { useTranslations } from "use-intl";
import { useMe, useRetention } from "@/api/queries";
import { COMPOSER } from "@/shell/shortcuts";
import { Mark } from "@/ui/Mark";
import { setDraft } from "./drafts";
import { Greeting } from "./Greeting";
import { NEW } from "./turn";

/** A chat before its first message. */
export function Empty({ temporary }: { temporary: boolean }) {
  const t = useTranslations("conversation");
  const { data } = useRetention();
  const { data: me } = useMe();
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
      <Greeting
        off={me?.memory_enabled === false}
        known={(data?.usage.memories ?? 0) > 0}
        onExample={(words) => {
          setDraft(NEW, words);
          document.getElementById(COMPOSER)?.focus();
        }}
      />
    </div>
  );
}
