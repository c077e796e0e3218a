import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "@/api/queries";
import { Button } from "@/ui/Button";
import { FIELD } from "@/ui/Field";
import { typed } from "./drafts";
import { roomLeft } from "./length";
import { Room } from "./Room";

interface EditMessageProps {
  content: string;
  /** These words were not sent yet: they may be as they are. */
  unsent?: boolean;
  busy: boolean;
  onSend(content: string): void;
  onCancel(): void;
}

/** A message being put differently. The old words stay as a version beside the new ones. */
export function EditMessage({ content, unsent = false, busy, onSend, onCancel }: EditMessageProps) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const [text, setText] = useState(content);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = roomLeft(text, useMe().data?.service.message_limit);
  const tooLong = left !== null && left < 0;
  const ready = text.trim() !== "" && (unsent || text.trim() !== content) && !tooLong && !busy;
  const room = useId();

  useEffect(() => {
    const area = field.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    } else if (event.key === "Enter" && !event.shiftKey && ready) {
      event.preventDefault();
      onSend(text.trim());
    }
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend(text.trim());
      }}
    >
      <textarea
        ref={field}
        aria-label={t("edit")}
        aria-describedby={left === null ? undefined : room}
        aria-invalid={tooLong}
        value={text}
        rows={3}
        onChange={(event) => setText(typed(event.target.value))}
        onKeyDown={press}
        className={`${FIELD} max-h-[50dvh] min-h-20 resize-none rounded-shell text-answer [field-sizing:content]`}
      />
      <div className="flex items-center justify-end gap-2">
        <p className="me-auto ps-2 text-small text-soft">{t("editNote")}</p>
        {left !== null && <Room id={room} left={left} />}
        <Button size="small" kind="ghost" onClick={onCancel}>
          {common("cancel")}
        </Button>
        <Button size="small" kind="primary" type="submit" disabled={!ready}>
          {t("send")}
        </Button>
      </div>
    </form>
  );
}
