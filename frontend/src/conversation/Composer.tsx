import { ArrowUp, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "@/api/queries";
import type { Session } from "@/api/types";
import { COARSE, useMedia } from "@/shell/media";
import { onNavigate, parseRoute } from "@/shell/router";
import { COMPOSER } from "@/shell/shortcuts";
import { cx } from "@/ui/cx";
import { say, stop } from "./acting";
import { BeginningChips } from "./BeginningChips";
import { hold, leaveNoTrace, setDraft, useDraft } from "./drafts";
import type { History } from "./history";
import { roomLeft } from "./length";
import { MemoryToggle } from "./MemoryToggle";
import type { Beginning } from "./options";
import { Room } from "./Room";
import { RoundButton } from "./RoundButton";
import { isLive, NEW, type Outline, SENT } from "./turn";
import { takeBack, unsentEditOf, unsentOf } from "./unsent";

interface ComposerProps {
  sessionId: string | null;
  session: Session | null;
  history: History | null;
  turn: Outline | null;
  temporary: boolean;
  options: Beginning;
  onOptions(options: Beginning): void;
  /** ↑ in the empty field. */
  onEditLast(messageId: string): void;
}

const ROOM = "composer-room";

/** Where one writes. */
export function Composer(props: ComposerProps) {
  const { sessionId, session, history, turn, temporary, options, onOptions, onEditLast } = props;
  const t = useTranslations("conversation");
  const key = sessionId ?? NEW;
  const draft = useDraft(key);
  const field = useRef<HTMLTextAreaElement>(null);
  const coarse = useMedia(COARSE);
  const { data: me } = useMe();
  const live = isLive(turn);
  const left = roomLeft(draft, me?.service.message_limit);
  const tooLong = left !== null && left < 0;
  const ready = draft.trim() !== "" && !tooLong && !live;
  // Not to be guessed: a temporary chat leaves no trace, and an ordinary one keeps what is written.
  const traceless = sessionId === null ? temporary : (session?.temporary ?? null);
  useEffect(() => {
    if (sessionId !== null && traceless !== null) leaveNoTrace(sessionId, traceless);
  }, [sessionId, traceless]);
  useGrowing(field, draft);
  useStopKey(key, live);
  useNewChat(sessionId);

  // One comes to write; on a phone the keyboard would hide what one came to read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each conversation again.
  useEffect(() => {
    if (!coarse && !document.querySelector("dialog[open]")) field.current?.focus({ preventScroll: true });
  }, [sessionId, coarse]);

  function send(event?: FormEvent): void {
    event?.preventDefault();
    if (!ready) return;
    const words = draft.trim();
    const unsent = unsentOf(turn);
    // Where this takes the place of a message that failed, that one goes back to where it can be sent again.
    setDraft(key, unsent ?? "", traceless);
    hold(key, words, traceless);
    void say({ sessionId, history, options, content: words });
  }
  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // An Enter that ends the choosing of a character is none of ours (Safari says so by its code alone).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !coarse) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && draft === "" && !live) {
      const last = history?.items.findLast((message) => message.role === "user")?.id;
      const edited = unsentEditOf(turn) === null ? last : SENT;
      if (edited === undefined) return;
      event.preventDefault();
      onEditLast(edited);
    }
  }

  return (
    <div className="shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-4 md:pb-5">
      <form
        onSubmit={send}
        className={cx(
          "mx-auto flex w-full max-w-[720px] flex-col rounded-shell border bg-card shadow-lift transition-colors duration-150",
          "focus-within:border-edge",
          temporary ? "border-edge border-dashed" : "border-line",
        )}
      >
        <label htmlFor={COMPOSER} className="sr-only">
          {t("write")}
        </label>
        <textarea
          id={COMPOSER}
          ref={field}
          rows={1}
          value={draft}
          aria-describedby={left === null ? undefined : ROOM}
          aria-invalid={tooLong}
          enterKeyHint={coarse ? "enter" : "send"}
          placeholder={sessionId === null ? t("placeholderNew") : t("placeholder")}
          onChange={(event) => setDraft(key, event.target.value, traceless)}
          onKeyDown={press}
          className="max-h-[40dvh] min-h-12 w-full resize-none overflow-y-auto bg-transparent px-4 pt-3.5 pb-1 text-answer outline-none [field-sizing:content]"
        />
        <div className="flex flex-wrap items-center gap-2 p-2.5 pt-1.5 ps-3">
          {sessionId === null ? (
            <BeginningChips options={options} off={me?.memory_enabled === false} onOptions={onOptions} />
          ) : (
            session && !session.temporary && <MemoryToggle session={session} />
          )}
          {temporary && (
            <p
              className={cx(
                "min-w-0 truncate ps-1 text-small text-soft",
                sessionId === null && "max-sm:hidden",
              )}
            >
              {t("notRemembered")}
            </p>
          )}
          <div className="ms-auto flex items-center gap-2.5">
            {left !== null && <Room id={ROOM} left={left} />}
            {live ? (
              <RoundButton
                key="stop"
                label={t("stop")}
                disabled={turn.stopping}
                onClick={() => void stop(key)}
              >
                <Square size={13} fill="currentColor" />
              </RoundButton>
            ) : (
              <RoundButton
                key="send"
                label={t("send")}
                tip={tooLong ? t("tooLong") : undefined}
                disabled={!ready}
                submit
              >
                <ArrowUp size={18} strokeWidth={2.4} />
              </RoundButton>
            )}
          </div>
        </div>
      </form>
    </div>
  );
}

/** The field grows with its words where the browser does not do that by itself. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words are what it grows with.
  useEffect(() => {
    const area = field.current;
    if (area === null || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [field, text]);
}

/** A new chat is new: a message that could not be sent in the one before goes back to the field. */
function useNewChat(sessionId: string | null): void {
  useEffect(() => {
    if (sessionId !== null) return;
    function begin(): void {
      if (parseRoute(window.location).name === "new") takeBack(NEW);
    }
    begin();
    return onNavigate(begin);
  }, [sessionId]);
}

/** Escape stops the answer, wherever one is, unless it closes something. */
function useStopKey(key: string, live: boolean): void {
  useEffect(() => {
    if (!live) return;
    function pressed(event: globalThis.KeyboardEvent): void {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("dialog[open], [role=menu]")) return;
      event.preventDefault();
      void stop(key);
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [key, live]);
}
