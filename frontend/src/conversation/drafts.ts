import { create } from "zustand";
import { read, write } from "@/shell/storage";

const PREFIX = "memocha:draft:";

const useDrafts = create<{ drafts: Readonly<Record<string, string>> }>(() => ({ drafts: {} }));

/** What was begun to be written in a session (`NEW` or its id), followed. */
export function useDraft(key: string): string {
  return useDrafts((state) => state.drafts[key]) ?? read(PREFIX + key) ?? "";
}

/** Keep what is being written. `leaveNoTrace`: only as long as the page lives, for chats that are not remembered. */
export function setDraft(key: string, text: string, leaveNoTrace = false): void {
  useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: text } }));
  write(PREFIX + key, text && !leaveNoTrace ? text : null);
}
