import { useTranslations } from "use-intl";
import type { Memory } from "@/api/types";

type Said = Pick<Memory, "kind" | "session_id" | "session_title" | "session_archived">;

/** What the chat of a memory is called here, and what became of it; null where none is known to be behind it. */
export function useChatOf(): (memory: Said) => string | null {
  const t = useTranslations("memory");
  return ({ kind, session_id, session_title, session_archived }) => {
    // A fact may have been typed in by hand, and a day is of no one chat.
    if (session_id === null) return kind === "episode" ? t("chatGone") : null;
    const title = session_title || t("chatUntitled");
    return session_archived ? t("chatArchived", { title }) : title;
  };
}
