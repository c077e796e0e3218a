import { Brain, ChevronDown, MessageCircle, NotebookText } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { useHidden } from "@/api/undo";
import { open } from "@/memory/opened";
import { Marked } from "@/sessions/Marked";
import { chatPath, navigate } from "@/shell/router";
import type { Finding } from "./finding";
import { Group, Item } from "./Item";

interface FoundProps {
  words: string;
  found: Finding;
  onDone(): void;
}

/** The chats and memories that have to do with what was typed. */
export function Found({ words, found, onDone }: FoundProps) {
  const t = useTranslations("palette");
  const sessions = useTranslations("sessions");
  const format = useFormatter();
  const hidden = useHidden();
  const chats = found.sessions.filter((session) => !hidden.has(session.id));
  const memories = found.memories.filter((memory) => !hidden.has(memory.id));
  const day = (iso: string) => format.dateTime(new Date(iso), { day: "numeric", month: "short" });

  function go(to: string): void {
    onDone();
    navigate(to);
  }
  return (
    <>
      {chats.length > 0 && (
        <Group heading={t("chats")}>
          {chats.map(({ id, title, match, updated_at, archived }) => (
            <Item
              key={id}
              value={`chat ${id}`}
              icon={<MessageCircle size={16} aria-hidden="true" />}
              end={archived ? sessions("archived") : day(updated_at)}
              onSelect={() => go(chatPath(id, match?.message_id))}
            >
              <span className="block truncate">
                <Marked text={title || sessions("untitled")} words={found.words} />
              </span>
              {match && (
                <span className="line-clamp-2 text-small text-soft">
                  <Marked text={match.text} words={found.words} />
                </span>
              )}
            </Item>
          ))}
          {found.more && (
            <Item
              value="more chats"
              icon={<ChevronDown size={16} aria-hidden="true" />}
              onSelect={found.more}
            >
              {t("moreChats")}
            </Item>
          )}
        </Group>
      )}
      <Group heading={t("memories")}>
        {memories.map(({ id, text, created_at }) => (
          <Item
            key={id}
            value={`memory ${id}`}
            icon={<NotebookText size={16} aria-hidden="true" />}
            end={day(created_at)}
            onSelect={() => {
              go("/memory");
              open({ name: "detail", id });
            }}
          >
            <span className="line-clamp-2">{text}</span>
          </Item>
        ))}
        <Item
          value="ask memory"
          icon={<Brain size={16} aria-hidden="true" />}
          onSelect={() => go(`/memory?q=${encodeURIComponent(words)}`)}
        >
          <span className="block truncate">{t("askMemory", { words })}</span>
        </Item>
      </Group>
      {found.settled && chats.length === 0 && (
        <p role="status" className="px-2.5 pt-1 pb-2 text-small text-soft">
          {found.failed ? t("failed") : t("noChats")}
        </p>
      )}
    </>
  );
}
