import { useTranslations } from "use-intl";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { SHORTCUTS } from "./shortcuts";

/** Every key that does something. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useTranslations("shell");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("shortcutsTitle")}>
      <dl className="flex flex-col">
        {SHORTCUTS.map(({ name, keys }) => (
          <div
            key={name}
            className="flex items-center justify-between gap-4 border-line border-b py-2 last:border-b-0"
          >
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              <Kbd keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
