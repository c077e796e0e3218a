import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { Memory } from "@/api/types";
import { plainText } from "@/conversation/plain";
import { cx } from "@/ui/cx";
import { earlierOf } from "./kinds";
import { TextButton } from "./TextButton";
import { useWhen } from "./when";

/** How much stands on four lines of a card, and of one that has the whole width, in Latin letters. */
const FITS = { card: 170, wide: 360 };
const LINES = 4;
const BROAD =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{20000}-\u{3fffd}]/gu;

interface WordsProps {
  memory: Memory;
  id?: string;
  wide?: boolean;
  /** Whether Tab stops at "more". */
  tabIndex?: number;
  className?: string;
}

/** What a memory says: moments as they were said, and of what changed the words that held before. */
export function Words({ memory, id, wide = false, tabIndex, className }: WordsProps) {
  const t = useTranslations("memory");
  const [whole, setWhole] = useState(false);
  const own = useId();
  const long = tooLong(memory.text, wide);
  const moment = memory.kind === "episode";
  return (
    <div className={cx("min-w-0 break-words", className)}>
      <p id={id ?? own} dir="auto" className={cx("whitespace-pre-line", long && !whole && "line-clamp-3")}>
        {moment ? t("quoted", { text: said(memory) }) : memory.text}
      </p>
      {long && (
        <TextButton
          tabIndex={tabIndex}
          aria-expanded={whole}
          aria-controls={id ?? own}
          onClick={() => setWhole(!whole)}
          className="-mb-1"
        >
          {whole ? t("less") : t("more")}
        </TextButton>
      )}
      <Earlier memory={memory} />
    </div>
  );
}

/** What Memocha says has marks of markdown in it, which nobody hears. */
function said({ role, text }: Memory): string {
  return role === "assistant" ? plainText(text) : text;
}

/** What held before, struck through, and until when. */
function Earlier({ memory }: { memory: Memory }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const ended = memory.valid_to !== null && new Date(memory.valid_to) < new Date();
  return (
    <>
      {ended && memory.valid_to && (
        <p className="text-faint text-small">{t("until", { when: when.about(memory.valid_to) })}</p>
      )}
      {earlierOf(memory)
        .slice(0, 2)
        .map((before) => (
          <p key={before.id} className="text-faint">
            <span className="sr-only">{t("before")} </span>
            <s>{before.text}</s> {before.valid_to && t("until", { when: when.about(before.valid_to) })}
          </p>
        ))}
    </>
  );
}

/** Whether words would take more lines than a card gives them. Estimated: measuring every card costs a layout each. */
export function tooLong(text: string, wide: boolean): boolean {
  const width = text.length + (text.match(BROAD)?.length ?? 0);
  return width > (wide ? FITS.wide : FITS.card) || text.split("\n").length > LINES;
}
