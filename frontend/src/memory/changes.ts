import { api, take } from "@/api/client";
import { expectEcho } from "@/api/echo";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Memory } from "@/api/types";

/** What can be changed of a memory. */
export type Change = Partial<Pick<Memory, "text" | "pinned" | "state">>;
type Action = "pin" | "unpin" | "pause" | "resume";

/** As many as one request takes. */
export const MOST = 1_000;

/**
 * Change memories: shown at once wherever they are shown, and taken back where the service refuses.
 * Throws `ProblemError`.
 */
export async function changeMemories(ids: readonly string[], change: Change): Promise<void> {
  // What is being read might show the old state after the new one.
  await queryClient.cancelQueries({ queryKey: keys.memories });
  const undo = show(new Set(ids), change);
  expectEcho();
  try {
    await send(ids, change);
  } catch (error) {
    undo();
    throw error;
  } finally {
    expectEcho();
    void queryClient.invalidateQueries({ queryKey: keys.retention });
    // Not read again at once: what was unpinned among the pinned would vanish from under the hand.
    void queryClient.invalidateQueries({ queryKey: keys.memories, refetchType: "none" });
    for (const id of ids) void queryClient.invalidateQueries({ queryKey: keys.memory(id) });
  }
}

async function send(ids: readonly string[], change: Change): Promise<void> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    await take(
      api.PATCH("/api/memories/{memory_id}", { params: { path: { memory_id: only } }, body: change }),
    );
    return;
  }
  for (const part of parts(ids)) {
    await take(api.POST("/api/memories/bulk", { body: { ids: part, action: actionOf(change) } }));
  }
}

/** In as many parts as requests are needed for. */
export function parts(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / MOST) }, (_, at) =>
    ids.slice(at * MOST, (at + 1) * MOST),
  );
}

function actionOf({ pinned, state }: Change): Action {
  if (pinned !== undefined) return pinned ? "pin" : "unpin";
  return state === "paused" ? "pause" : "resume";
}

/** Put the change into all that was read; how to take it back, and nothing else that changed meanwhile. */
function show(ids: ReadonlySet<string>, change: Change): () => void {
  const before = new Map<string, Change>();
  const names = Object.keys(change) as (keyof Change)[];
  alter(ids, (memory) => {
    if (!before.has(memory.id))
      before.set(memory.id, Object.fromEntries(names.map((name) => [name, memory[name]])));
    return { ...memory, ...change };
  });
  return () => alter(ids, (memory) => ({ ...memory, ...before.get(memory.id) }));
}

function alter(ids: ReadonlySet<string>, how: (memory: Memory) => Memory): void {
  queryClient.setQueriesData<unknown>({ queryKey: keys.memories }, (read: unknown) =>
    altered(read, ids, how),
  );
}

interface Read {
  id?: string;
  items?: unknown[];
  pages?: unknown[];
}

/** The same for whatever holds memories: one of them, a page, a list of pages. What holds none stays what it is. */
function altered(read: unknown, ids: ReadonlySet<string>, how: (memory: Memory) => Memory): unknown {
  if (typeof read !== "object" || read === null) return read;
  const { id, items, pages } = read as Read;
  if (pages) return { ...read, pages: pages.map((page) => altered(page, ids, how)) };
  if (items) return { ...read, items: items.map((item) => altered(item, ids, how)) };
  return id !== undefined && ids.has(id) && "text" in read ? how(read as Memory) : read;
}
