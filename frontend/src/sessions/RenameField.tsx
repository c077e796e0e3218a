import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

/** The most that a title may have, characters. */
const LONGEST = 200;

interface RenameFieldProps {
  title: string;
  onDone(title: string | null): void;
}

/** A session's title, to be changed in its place: Enter or leaving keeps it, Escape does not. */
export function RenameField({ title, onDone }: RenameFieldProps) {
  const t = useTranslations("sessions");
  const [text, type] = useState(title);
  const ref = useRef<HTMLInputElement>(null);
  const over = useRef(false);

  useEffect(() => ref.current?.select(), []);

  function end(changed: string | null): void {
    // Taking the field away makes it lose the focus, which is no second answer.
    if (over.current) return;
    over.current = true;
    onDone(changed);
  }
  function press(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") end(text);
    if (event.key !== "Escape") return;
    // It would close the drawer, too.
    event.preventDefault();
    end(null);
  }
  return (
    <input
      ref={ref}
      // biome-ignore lint/a11y/noAutofocus: one has just asked to write here
      autoFocus
      aria-label={t("renameLabel")}
      value={text}
      maxLength={LONGEST}
      onChange={(event) => type(event.target.value)}
      onKeyDown={press}
      onBlur={() => end(text)}
      className="min-h-9 w-full rounded-row border border-mocha bg-card px-2.5 outline-none pointer-coarse:min-h-11"
    />
  );
}
