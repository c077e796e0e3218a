import { create } from "zustand";
import { read, write } from "@/shell/storage";

const PREFIX = "memocha:draft:";
/** Words that were sent and are not known to be stored: a reload finds them here. */
const UNSENT = "memocha:unsent:";

interface Drafts {
  drafts: Readonly<Record<string, string>>;
  /** The sessions of which nothing is kept beyond the page's life; null: that is not known yet. */
  traceless: Readonly<Record<string, boolean | null>>;
}

const useDrafts = create<Drafts>(() => ({ drafts: {}, traceless: {} }));

/** What is typed, as it can be sent: NUL comes with what is pasted from binary files, cannot be seen, and is refused. */
export function typed(text: string): string {
  return text.replaceAll("\0", "");
}

/** What was begun to be written in a session (`NEW` or its id), followed. */
export function useDraft(key: string): string {
  return useDrafts((state) => state.drafts[key]) ?? kept(key);
}

/**
 * Keep what is being written. `none`: only as long as the page lives, for chats that are not remembered; null: it is not
 * known whether this is one, and what the browser keeps stays as it is.
 */
export function setDraft(key: string, given: string, none: boolean | null = false): void {
  const text = typed(given);
  const before = useDrafts.getState();
  useDrafts.setState(({ drafts, traceless }) => ({
    drafts: { ...drafts, [key]: text },
    traceless: { ...traceless, [key]: none },
  }));
  if (none === null) return;
  // What an earlier page could not send stood in the field, and is part of what is written now.
  if (before.drafts[key] === undefined || before.traceless[key] === null) write(UNSENT + key, null);
  write(PREFIX + key, text && !none ? text : null);
}

/** Keep nothing beyond the page's life of what is written in a session, what is there already included; or keep it all. */
export function leaveNoTrace(key: string, none: boolean): void {
  const { drafts, traceless } = useDrafts.getState();
  const before = traceless[key];
  if (before !== none && (before !== undefined || none)) setDraft(key, drafts[key] ?? kept(key), none);
}

/** Whether something is written in a session of which nothing is kept beyond the page's life. */
export function isTraceless(key: string): boolean {
  const { drafts, traceless } = useDrafts.getState();
  return !!drafts[key] && traceless[key] === true;
}

/** Words are being sent, which are not in the field: they are kept until `letGo` or `giveBack`. */
export function hold(key: string, words: string, none: boolean | null): void {
  useDrafts.setState(({ drafts, traceless }) => ({
    drafts: { ...drafts, [key]: drafts[key] ?? kept(key) },
    traceless: { ...traceless, [key]: none },
  }));
  write(UNSENT + key, none === false ? words : null);
}

/** The words that are being sent are stored, or nobody wants them. */
export function letGo(key: string): void {
  write(UNSENT + key, null);
}

/** Words that were not sent go back to the field, before what has been written there meanwhile. */
export function giveBack(key: string, words: string): void {
  const { drafts, traceless } = useDrafts.getState();
  letGo(key);
  setDraft(key, joined(words, drafts[key] ?? read(PREFIX + key)), traceless[key]);
}

/** What is written in one session's field belongs to another's: the one that has just been made. */
export function moveDraft(from: string, to: string): void {
  const { drafts, traceless } = useDrafts.getState();
  const text = drafts[from] ?? "";
  if (text === "") return;
  setDraft(to, text, traceless[from]);
  setDraft(from, "");
}

function kept(key: string): string {
  return joined(read(UNSENT + key), read(PREFIX + key));
}

function joined(...texts: (string | null)[]): string {
  return texts.filter(Boolean).join("\n\n");
}
