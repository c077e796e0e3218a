import { useTranslations } from "use-intl";
import type { RetentionPreview } from "@/api/types";
import { LeavingList } from "@/memory/LeavingList";
import { useWhen } from "@/memory/when";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

interface ConfirmLimitsProps {
  preview: RetentionPreview;
  onConfirm(): void;
  onCancel(): void;
}

/** What limits would take, asked before they are set. */
export function ConfirmLimits({ preview, onConfirm, onCancel }: ConfirmLimitsProps) {
  const t = useTranslations("settings.memory");
  const when = useWhen();
  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t("confirmTitle", { count: preview.memories })}
      description={t("confirmText", { when: preview.at ? when.exactly(preview.at) : "" })}
      actions={
        <>
          <Button onClick={onCancel}>{t("confirmNo")}</Button>
          <Button kind="danger" onClick={onConfirm}>
            {t("confirmYes")}
          </Button>
        </>
      }
    >
      <div className="rounded-card border border-line bg-card p-3 text-small">
        <LeavingList preview={preview} most={8} />
      </div>
    </Dialog>
  );
}
