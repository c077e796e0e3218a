import { useTranslations } from "use-intl";
import { Dialog } from "@/ui/Dialog";

/** Search and commands, by keyboard. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useTranslations("palette");
  return <Dialog open={open} onOpenChange={onOpenChange} title={t("title")} />;
}
