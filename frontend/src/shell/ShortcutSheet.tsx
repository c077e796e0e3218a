import { useTranslations } from "use-intl";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { SHORTCUTS } from "./shortcut-list";

const HEADINGS = ["everywhere", "list", "writing", "cards"] as const;

/** Every key that does something. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useTranslations("shortcuts");
  const shell = useTranslations("shell");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={shell("shortcutsTitle")} wide>
      <div className="gap-x-10 sm:columns-2">
        {HEADINGS.map((place) => (
          <section key={place} className="mb-5 break-inside-avoid last:mb-0">
            <h3 className="mb-1 font-semibold text-small text-soft">{t(`places.${place}`)}</h3>
            <dl className="flex flex-col">
              {SHORTCUTS.filter((shortcut) => shortcut.place === place).map(({ name, keys }) => (
                <div
                  key={name}
                  className="flex items-center justify-between gap-4 border-line border-b py-1.5 last:border-b-0"
                >
                  <dt>{t(`names.${name}`)}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
