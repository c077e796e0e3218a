import { Search, X } from "lucide-react";
import { type ChangeEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { COMPOSER } from "@/shell/shortcuts";
import { IconButton } from "@/ui/IconButton";

/** Milliseconds without a key after which the question is asked. */
export const SETTLED = 250;

interface SearchFieldProps {
  /** The question of the address. */
  question: string;
  onAsk(question: string): void;
}

/** A question to memory. It is asked while one types, and stands in the address. */
export function SearchField({ question, onAsk }: SearchFieldProps) {
  const t = useTranslations("memory");
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(question);
  const asked = useRef(question);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A filter that is set before the question is asked stays set.
  const latest = useRef(onAsk);
  useEffect(() => {
    latest.current = onAsk;
  });

  useEffect(() => {
    // The address changed by itself (back, forward), and not because of what was typed here.
    if (asked.current === question) return;
    asked.current = question;
    clearTimeout(timer.current);
    setText(question);
  }, [question]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function ask(words: string, after: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (asked.current === words) return;
      asked.current = words;
      latest.current(words);
    }, after);
  }
  function type(event: ChangeEvent<HTMLInputElement>): void {
    const words = event.target.value;
    setText(words);
    // What an input method is still putting together is no question.
    if (!(event.nativeEvent as InputEvent).isComposing) ask(words, SETTLED);
  }
  function clear(): void {
    setText("");
    ask("", 0);
    field.current?.focus();
  }
  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") ask(text, 0);
    if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      event.stopPropagation();
      clear();
    }
  }

  return (
    <form role="search" onSubmit={(event) => event.preventDefault()} className="relative">
      <Search
        size={18}
        aria-hidden="true"
        className="pointer-events-none absolute start-4 top-3.25 text-faint"
      />
      <input
        ref={field}
        id={COMPOSER}
        type="text"
        dir="auto"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        maxLength={8_000}
        aria-label={t("searchLabel")}
        placeholder={t("searchPlaceholder")}
        value={text}
        onChange={type}
        onCompositionEnd={(event) => ask(event.currentTarget.value, SETTLED)}
        onKeyDown={press}
        className="h-11 w-full rounded-card border border-line bg-card ps-11 pe-11 text-answer transition-colors duration-150 hover:border-edge focus-visible:border-mocha focus-visible:outline-offset-0"
      />
      {text !== "" && (
        <IconButton
          label={t("searchClear")}
          size="small"
          onClick={clear}
          className="absolute! end-2.5 top-2 pointer-coarse:top-1"
        >
          <X size={16} />
        </IconButton>
      )}
    </form>
  );
}
