import { api, take } from "@/api/client";
import { keys, noteSession, type SessionFilter } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { ListedSession, Session } from "@/api/types";

/** What can be changed of a session here. */
export type Change = Partial<Pick<Session, "title" | "archived" | "memory_enabled">>;

/** Change a session: shown at once wherever it is shown, and taken back where the service refuses. Throws `ProblemError`. */
export async function changeSession(id: string, change: Change): Promise<void> {
  // What is being read might show the old state after the new one.
  await Promise.all([
    queryClient.cancelQueries({ queryKey: keys.allSessions }),
    queryClient.cancelQueries({ queryKey: keys.session(id) }),
  ]);
  const undo = show(id, change);
  try {
    noteSession(
      await take(
        api.PATCH("/api/sessions/{session_id}", { params: { path: { session_id: id } }, body: change }),
      ),
    );
  } catch (error) {
    undo();
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
    throw error;
  }
}

/** A session as it was read last, in whatever list or by itself. */
export function readSessionHere(id: string): Session | undefined {
  const alone = queryClient.getQueryData<Session>(keys.session(id));
  if (alone) return alone;
  for (const [, lists] of queryClient.getQueriesData<Pages>({ queryKey: keys.allSessions })) {
    const found = lists?.pages.flatMap((page) => page.items).find((session) => session.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Nothing of a session is known any more: it is gone, or not what it was. */
export function forgetSession(id: string): void {
  queryClient.removeQueries({ queryKey: keys.session(id) });
  queryClient.removeQueries({ queryKey: keys.messages(id) });
  void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  void queryClient.invalidateQueries({ queryKey: keys.memories });
}

interface Pages {
  pages: { items: ListedSession[] }[];
}

/** Put the change into all that was read; how to take it back, and nothing else that changed meanwhile. */
function show(id: string, change: Change): () => void {
  const known = readSessionHere(id);
  const names = Object.keys(change) as (keyof Change)[];
  const before = known && Object.fromEntries(names.map((name) => [name, known[name]]));
  alter(id, change);
  return () => before && alter(id, before);
}

function alter(id: string, change: Change): void {
  queryClient.setQueryData<Session>(keys.session(id), (session) => session && { ...session, ...change });
  queryClient.setQueriesData<Pages>({ queryKey: keys.allSessions }, (lists) => {
    if (!lists?.pages) return lists;
    const pages = lists.pages.map((page) => ({
      ...page,
      items: page.items.map((session) => (session.id === id ? { ...session, ...change } : session)),
    }));
    return { ...lists, pages };
  });
}

/** Whether a session belongs in a list: one that is archived right now is still in what was read of the others. */
export function belongs(session: Session, { archived = false }: SessionFilter): boolean {
  return session.archived === archived && !session.temporary;
}
