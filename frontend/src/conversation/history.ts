import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Message, MessagePage, Session } from "@/api/types";

/** What is loaded of the shown branch: one run of messages, oldest first, without a gap. */
export interface History {
  items: Message[];
  /** Leads to what was said before; null at the beginning. */
  older: string | null;
  /** Leads to what was said after; null at the end of the branch. */
  newer: string | null;
}

const PAGE = 40;
const TAIL = 20;

export function historyOf(page: MessagePage): History {
  return { items: page.items, older: page.next_cursor ?? null, newer: page.previous_cursor ?? null };
}

/** What is loaded, with the branch's end as it is now: what was loaded before it stays where the two meet. */
export function mergeEnd(known: History | undefined, end: MessagePage): History {
  const first = end.items[0];
  const meeting = known && first ? known.items.findIndex((message) => message.id === first.id) : -1;
  if (known === undefined || meeting < 0) return historyOf(end);
  return { items: [...known.items.slice(0, meeting), ...end.items], older: known.older, newer: null };
}

export function addOlder(known: History, page: MessagePage): History {
  return { ...known, items: [...page.items, ...known.items], older: page.next_cursor ?? null };
}

export function addNewer(known: History, page: MessagePage): History {
  return { ...known, items: [...known.items, ...page.items], newer: page.previous_cursor ?? null };
}

/** The messages of a session that are loaded: its end, and what was scrolled to or jumped to. */
export function useHistory(sessionId: string | null) {
  return useQuery({
    queryKey: keys.messages(sessionId ?? ""),
    queryFn: async ({ signal }) => {
      const id = sessionId ?? "";
      const known = read(id);
      // One who reads somewhere in the middle stays there.
      if (known?.newer) return known;
      return mergeEnd(known, await page(id, { limit: known ? TAIL : PAGE }, signal));
    },
    enabled: sessionId !== null,
  });
}

/** Read the end of the branch again: after a turn, and when another branch is shown. Throws `ProblemError`. */
export async function refreshEnd(sessionId: string): Promise<History> {
  const end = await page(sessionId, { limit: TAIL });
  const known = read(sessionId);
  const merged = mergeEnd(known?.newer ? undefined : known, end);
  change(sessionId, () => merged);
  return merged;
}

/**
 * Have the end of the branch as it is now, where the session says that it is another than what is loaded: it was emptied
 * or another branch chosen elsewhere. One who reads somewhere in the middle stays there. Throws `ProblemError`.
 */
export async function catchUp({ id, head_id: head }: Session): Promise<void> {
  const loaded = read(id);
  if (loaded === undefined || (loaded.newer !== null && head !== null)) return;
  if (head === (loaded.items.at(-1)?.id ?? null)) return;
  const end = await page(id, { limit: TAIL });
  change(id, (known) => (known?.newer && end.items.length > 0 ? known : mergeEnd(known, end)));
}

/** Load what was said before. `arrived` is called when it is there, before it is shown. */
export async function loadOlder(sessionId: string, arrived?: () => void): Promise<void> {
  const cursor = read(sessionId)?.older;
  if (!cursor) return;
  const more = await page(sessionId, { cursor, limit: PAGE });
  arrived?.();
  change(sessionId, (known) => (known?.older === cursor ? addOlder(known, more) : known));
}

/** Load what was said after. */
export async function loadNewer(sessionId: string): Promise<void> {
  const cursor = read(sessionId)?.newer;
  if (!cursor) return;
  const more = await page(sessionId, { cursor, limit: PAGE });
  change(sessionId, (known) => (known?.newer === cursor ? addNewer(known, more) : known));
}

/** Have a message among what is loaded, on whatever branch it is. Throws `ProblemError` where it is gone. */
export async function loadAround(sessionId: string, messageId: string): Promise<void> {
  if (read(sessionId)?.items.some((message) => message.id === messageId)) return;
  let found: MessagePage;
  try {
    found = await page(sessionId, { around: messageId, limit: PAGE });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "not_on_branch") throw error;
    await showBranch(sessionId, messageId);
    found = await page(sessionId, { around: messageId, limit: PAGE });
  }
  change(sessionId, () => historyOf(found));
}

/** Show the branch that goes through a message, from now on and everywhere. */
export async function showBranch(sessionId: string, messageId: string): Promise<void> {
  const session = await take(
    api.PATCH("/api/sessions/{session_id}", {
      params: { path: { session_id: sessionId } },
      body: { head: messageId },
    }),
  );
  queryClient.setQueryData(keys.session(sessionId), session);
}

/** Change a message where it is loaded. */
export function changeMessage(
  sessionId: string,
  messageId: string,
  with_: (message: Message) => Message,
): void {
  change(
    sessionId,
    (known) =>
      known && {
        ...known,
        items: known.items.map((message) => (message.id === messageId ? with_(message) : message)),
      },
  );
}

interface Wanted {
  limit?: number;
  cursor?: string;
  around?: string;
}

function page(sessionId: string, query: Wanted, signal?: AbortSignal): Promise<MessagePage> {
  return take(
    api.GET("/api/sessions/{session_id}/messages", {
      params: { path: { session_id: sessionId }, query },
      signal,
    }),
  );
}

function read(sessionId: string): History | undefined {
  return queryClient.getQueryData<History>(keys.messages(sessionId));
}

function change(sessionId: string, how: (known: History | undefined) => History | undefined): void {
  queryClient.setQueryData<History>(keys.messages(sessionId), how);
}
