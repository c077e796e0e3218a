import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { FIELD } from "@/ui/Field";

/** Characters of a fact, as the service takes them. */
export const LONGEST = 4_000;

interface EditWordsProps {
  text: string;
  /** Whether it could be kept. */
  onSave(text: string): Promise<boolean>;
  onClose(): void;
}

/** A fact's words, to be put differently where they stand. */
export function EditWords({ text, onSave, onClose }: EditWordsProps) {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const field = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(text);
  const [saving, setSaving] = useState(false);
  const ready = words.trim() !== "" && !saving;

  useEffect(() => {
    // The menu that it was chosen from gives the focus back first.
    const frame = requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.select();
    });
    return () => cancelAnimationFrame(frame);
  }, []);

  async function save(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (!ready) return;
    if (words.trim() === text) {
      onClose();
      return;
    }
    setSaving(true);
    if (await onSave(words.trim())) onClose();
    else setSaving(false);
  }
  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      onClose();
    }
    if (event.key === "Enter" && !event.shiftKey) void save(event);
  }

  return (
    <form onSubmit={save} className="flex flex-col gap-2">
      <textarea
        ref={field}
        rows={2}
        dir="auto"
        maxLength={LONGEST}
        aria-label={t("editLabel")}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={press}
        className={`${FIELD} field-sizing-content max-h-60 resize-none rounded-row`}
      />
      <div className="flex justify-end gap-2">
        <Button size="small" kind="ghost" onClick={onClose}>
          {common("cancel")}
        </Button>
        <Button size="small" kind="primary" type="submit" disabled={!ready}>
          {common("save")}
        </Button>
      </div>
    </form>
  );
}
