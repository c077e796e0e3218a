import { Archive } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Session } from "@/api/types";
import { MAIN } from "@/shell/shortcuts";
import { Button } from "@/ui/Button";
import { useSessionActions } from "./actions";

/** Says that the chat one reads is put away, and gets it back. */
export function ArchivedLine({ session }: { session: Session }) {
  const t = useTranslations("sessions");
  const { archive } = useSessionActions();

  function back(): void {
    // The button goes, and what has the focus with it.
    document.getElementById(MAIN)?.focus();
    archive(session);
  }
  return (
    <div className="flex shrink-0 items-center gap-2.5 border-line border-b bg-shelf py-1.5 ps-4 pe-3 text-small text-soft md:ps-5.5 md:pe-5">
      <Archive size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1">{t("archivedHere")}</p>
      <Button size="small" onClick={back}>
        {t("unarchive")}
      </Button>
    </div>
  );
}
