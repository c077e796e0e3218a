import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { api, take } from "@/api/client";
import { useUserEvent } from "@/api/events";
import { keys, useRetention } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { ListedMemory, Memory, UserEvents } from "@/api/types";
import { type Filters, listQuery, searchQuery } from "./filters";

/** Memories of one page of the list. */
const PAGE = 60;
/** How many a search ranks. */
export const BEST = 40;
/** Milliseconds for which what happens in chats is gathered before the page reads again. */
const GATHERED = 1_500;

/** The memories that pass the filters, what was said last first; more with `fetchNextPage`. */
export function useMemories(filters: Filters, enabled = true) {
  const query = listQuery(filters);
  return useInfiniteQuery({
    queryKey: [...keys.memories, "list", query],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/memories", {
          params: { query: { ...query, limit: PAGE, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    select: flatten,
    enabled,
    // Events tell what changes; reading every page again for coming back to the tab would move what one reads.
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

/** What is known about a question: the ranking. */
export function useMemorySearch(filters: Filters) {
  const question = filters.q.trim();
  const query = searchQuery(filters);
  return useQuery({
    queryKey: [...keys.memories, "search", question, query],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/memories/search", { params: { query: { ...query, q: question, k: BEST } }, signal }),
      ),
    enabled: question !== "",
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}

/** One memory with its sources and what became of it. */
export function useMemory(id: string) {
  return useQuery({
    queryKey: keys.memory(id),
    queryFn: ({ signal }) =>
      take(api.GET("/api/memories/{memory_id}", { params: { path: { memory_id: id } }, signal })),
  });
}

/** Read the lists again when something was said in a chat, and when it is remembered: moments come with every answer. */
export function useMemoriesLive(): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const coming = useRetention().data?.usage.coming ?? 0;
  const before = useRef(0);
  useEffect(() => {
    if (coming < before.current) void queryClient.invalidateQueries({ queryKey: keys.memories });
    before.current = coming;
  }, [coming]);
  const later = useCallback((_: UserEvents["session"]) => {
    // What is on its way is known at once.
    void queryClient.invalidateQueries({ queryKey: keys.retention });
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: keys.memories }),
      GATHERED,
    );
  }, []);
  useUserEvent("session", later);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** The memories with these ids, as they were read. */
export function readMemories(ids: ReadonlySet<string>): Memory[] {
  const found = new Map<string, Memory>();
  function look(read: unknown): void {
    if (typeof read !== "object" || read === null) return;
    const { id, text, items, pages } = read as {
      id?: string;
      text?: string;
      items?: unknown[];
      pages?: unknown[];
    };
    if (id !== undefined && text !== undefined && ids.has(id)) found.set(id, read as Memory);
    for (const each of items ?? pages ?? []) look(each);
  }
  for (const [, read] of queryClient.getQueriesData({ queryKey: keys.memories })) look(read);
  return [...found.values()];
}

/** Be told when anything that was read has changed. */
export function followMemories(listener: () => void): () => void {
  return queryClient.getQueryCache().subscribe(listener);
}

function flatten(data: { pages: { items: ListedMemory[] }[] }): ListedMemory[] {
  return data.pages.flatMap((page) => page.items);
}
