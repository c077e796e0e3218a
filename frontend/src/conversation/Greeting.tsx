import { useTranslations } from "use-intl";
import { Mark } from "@/ui/Mark";

const EXAMPLES = ["tell", "ask", "forget"] as const;

interface GreetingProps {
  /** Something is remembered already. */
  known?: boolean;
  /** Nothing is remembered: memory is off in settings. */
  off?: boolean;
  /** It is a temporary chat. */
  temporary?: boolean;
  /** An example was chosen. */
  onExample?(words: string): void;
}

/** What this is, taught by examples. The static page has it too, at the same place. */
export function Greeting({ known = false, off = false, temporary = false, onExample }: GreetingProps) {
  const t = useTranslations("conversation");
  const [title, text] = temporary
    ? [t("temporaryTitle"), t("temporaryText")]
    : [known || off ? t("emptyKnown") : t("emptyTitle"), off ? t("emptyOff") : t("emptyText")];
  return (
    <div className="mx-auto flex min-h-full w-full max-w-[752px] flex-col justify-end gap-6 px-4 pt-10 pb-8 md:justify-center">
      <div className="flex flex-col gap-3">
        <Mark size={40} />
        <h2 className="text-[1.625rem] leading-[1.31]">{title}</h2>
        <p className="max-w-lg text-soft">{text}</p>
      </div>
      {!off && !temporary && (
        <ul className="grid gap-2.5 md:grid-cols-3">
          {EXAMPLES.map((name) => (
            <li key={name}>
              <button
                type="button"
                onClick={() => onExample?.(t(`examples.${name}.words`))}
                className="flex h-full w-full flex-col gap-1 rounded-card border border-line bg-card p-3.5 text-start transition-colors duration-150 hover:border-edge"
              >
                <span className="text-ink">{t(`examples.${name}.words`)}</span>
                <span className="text-small text-soft">{t(`examples.${name}.why`)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
