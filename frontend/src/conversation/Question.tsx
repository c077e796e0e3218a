import { PencilLine } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Message } from "@/api/types";
import { COMPOSER } from "@/shell/shortcuts";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/IconButton";
import { Branches } from "./Branches";
import { CopyButton } from "./CopyButton";
import { EditMessage } from "./EditMessage";
import { FADING } from "./fading";
import { sayDifferently, sayDifferentlyAgain } from "./saying";
import { Time } from "./Time";

/** Longer ones are folded: characters, and lines. */
const LONG = 1_600;
const MANY_LINES = 18;

interface QuestionProps {
  message: Message;
  sessionId: string | null;
  glowing: boolean;
  editing: boolean;
  busy: boolean;
  onEdit(messageId: string | null): void;
}

/** What the person said. */
export function Question({ message, sessionId, glowing, editing, busy, onEdit }: QuestionProps) {
  const t = useTranslations("conversation");
  const button = useRef<HTMLButtonElement>(null);
  const [left, leave] = useState(false);
  useEffect(() => {
    if (!left || editing) return;
    button.current?.focus({ preventScroll: true });
    leave(false);
  }, [left, editing]);

  if (editing && sessionId !== null) {
    return (
      <EditMessage
        content={message.content}
        busy={busy}
        onCancel={() => {
          leave(true);
          onEdit(null);
        }}
        onSend={(content) => {
          leaveEditing(onEdit);
          sayDifferently(sessionId, message, content);
        }}
      />
    );
  }
  return (
    <div className="group flex flex-col items-end gap-0.5">
      <Bubble content={message.content} glowing={glowing} />
      <div className="-mb-1.5 flex min-h-7 items-center gap-0.5">
        <div className={FADING}>
          <Time at={message.created_at} />
          <CopyButton text={message.content} />
          {sessionId !== null && (
            <IconButton
              ref={button}
              label={t("edit")}
              size="small"
              tipAlign="end"
              disabled={busy}
              onClick={() => onEdit(message.id)}
            >
              <PencilLine size={15} />
            </IconButton>
          )}
        </div>
        {sessionId !== null && <Branches sessionId={sessionId} message={message} disabled={busy} />}
      </div>
    </div>
  );
}

interface SentProps {
  content: string;
  sessionId: string | null;
  editing: boolean;
  onEdit(messageId: string | null): void;
}

/** A message that is on its way to be kept. One that was not is an edit where it is put differently here. */
export function Sent({ content, sessionId, editing, onEdit }: SentProps) {
  if (editing && sessionId !== null) {
    return (
      <EditMessage
        content={content}
        unsent
        busy={false}
        onCancel={() => leaveEditing(onEdit)}
        onSend={(words) => {
          leaveEditing(onEdit);
          sayDifferentlyAgain(sessionId, words);
        }}
      />
    );
  }
  return (
    <div className="flex flex-col items-end gap-0.5">
      <Bubble content={content} />
      <div className="-mb-1.5 min-h-7" />
    </div>
  );
}

/** What was written in goes; one goes on writing where one does. */
function leaveEditing(onEdit: (messageId: null) => void): void {
  onEdit(null);
  document.getElementById(COMPOSER)?.focus({ preventScroll: true });
}

function Bubble({ content, glowing = false }: { content: string; glowing?: boolean }) {
  const t = useTranslations("conversation");
  const [open, setOpen] = useState(false);
  const long = content.length > LONG || content.split("\n", MANY_LINES + 1).length > MANY_LINES;
  return (
    <div
      className={cx(
        "max-w-[86%] rounded-shell rounded-ee-tick bg-own px-4 py-2.5 sm:max-w-[78%]",
        glowing && "animate-glow",
      )}
    >
      <h2 className="sr-only">{t("youSaid")}</h2>
      <p
        dir="auto"
        className={`whitespace-pre-wrap break-words text-answer leading-[1.5625] ${long && !open ? "line-clamp-12" : ""}`}
      >
        {content}
      </p>
      {long && (
        <button
          type="button"
          aria-expanded={open}
          className="mt-1 min-h-7 font-medium text-mocha text-small"
          onClick={() => setOpen(!open)}
        >
          {open ? t("showLess") : t("showAll")}
        </button>
      )}
    </div>
  );
}
