import { useTranslations } from "use-intl";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { SHORTCUTS } from "./shortcuts";

type Name = (typeof SHORTCUTS)[number]["name"];

/** Under which heading each stands; what is not named here stands with those that work everywhere. */
const PLACES: Partial<Record<Name, "writing" | "list" | "cards">> = {
  focus: "writing",
  send: "writing",
  newline: "writing",
  edit: "writing",
  stop: "writing",
  move: "list",
  rename: "list",
  remove: "list",
  cards: "cards",
  cardOpen: "cards",
  cardSelect: "cards",
  cardRange: "cards",
  cardEdit: "cards",
  cardPin: "cards",
  cardForget: "cards",
};
const HEADINGS = ["everywhere", "list", "writing", "cards"] as const;

/** Every key that does something. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useTranslations("shell");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("shortcutsTitle")} wide>
      <div className="gap-x-10 sm:columns-2">
        {HEADINGS.map((place) => (
          <section key={place} className="mb-5 break-inside-avoid last:mb-0">
            <h3 className="mb-1 font-semibold text-small text-soft">{t(`shortcutPlaces.${place}`)}</h3>
            <dl className="flex flex-col">
              {SHORTCUTS.filter(({ name }) => (PLACES[name] ?? "everywhere") === place).map(
                ({ name, keys }) => (
                  <div
                    key={name}
                    className="flex items-center justify-between gap-4 border-line border-b py-1.5 last:border-b-0"
                  >
                    <dt>{t(`shortcuts.${name}`)}</dt>
                    <dd>
                      <Kbd keys={keys} />
                    </dd>
                  </div>
                ),
              )}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
