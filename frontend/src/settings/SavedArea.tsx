import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { announce } from "@/shell/announce";
import { cx } from "@/ui/cx";
import { AreaField } from "@/ui/Field";

interface SavedAreaProps {
  label: string;
  placeholder: string;
  /** As it is kept. */
  value: string;
  /** The most that it may have, characters. */
  longest: number;
  /** Keep it. Throws `ProblemError`. */
  save(text: string): Promise<void>;
  /** Keep it while the page is being left. */
  saveLeaving(text: string): void;
}

type State = "still" | "saving" | "saved" | { failed: string };

/** Words that are kept when one has finished writing. What cannot be kept stays where it was written. */
export function SavedArea({ label, placeholder, value, longest, save, saveLeaving }: SavedAreaProps) {
  const t = useTranslations("settings");
  const textOf = useProblemText();
  /** What was written and is not kept yet; null: nothing. */
  const [written, write] = useState<string | null>(null);
  const [state, setState] = useState<State>("still");
  const text = written ?? value;
  const tooLong = text.trim().length > longest;
  const unsaved = written !== null && !tooLong && written.trim() !== value.trim() ? written.trim() : null;

  async function keep(): Promise<void> {
    if (unsaved === null) {
      if (!tooLong) write(null);
      return;
    }
    setState("saving");
    try {
      await save(unsaved);
      // What was written on meanwhile is kept the next time.
      write((now) => (now === written ? null : now));
      setState("saved");
      announce(t("saved"));
    } catch (error) {
      setState({ failed: textOf(asProblem(error)) });
    }
  }
  useLeaving(unsaved, save, saveLeaving);

  const failed = typeof state === "object" ? `${t("notSaved")} ${state.failed}` : null;
  return (
    <AreaField
      label={label}
      placeholder={placeholder}
      value={text}
      rows={5}
      error={tooLong ? t("tooLong", { over: text.trim().length - longest }) : failed}
      hint={
        <span className="flex justify-between gap-3">
          <span className={cx("tabular", text.length < longest * 0.9 && "text-faint")}>
            {t("counter", { count: text.trim().length, longest })}
          </span>
          {state === "saved" && (
            <span className="flex animate-fade-in items-center gap-1 text-matcha">
              <Check size={14} aria-hidden="true" />
              {t("saved")}
            </span>
          )}
          {state === "saving" && <span>{t("saving")}</span>}
        </span>
      }
      onChange={(event) => {
        write(event.target.value);
        setState("still");
      }}
      onBlur={() => void keep()}
    />
  );
}

/** Keep what is not kept yet when the section or the page is left in the middle of writing. */
function useLeaving(
  unsaved: string | null,
  save: SavedAreaProps["save"],
  saveLeaving: SavedAreaProps["saveLeaving"],
): void {
  const now = useRef({ unsaved, save, saveLeaving });
  useEffect(() => {
    now.current = { unsaved, save, saveLeaving };
  });
  useEffect(() => {
    function leave(): void {
      const { unsaved: words, saveLeaving: keep } = now.current;
      if (words !== null) keep(words);
    }
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      const { unsaved: words, save: keep } = now.current;
      if (words !== null) keep(words).catch(() => leave());
    };
  }, []);
}
