import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, take } from "@/api/client";
import { keys } from "@/api/queries";
import type { ListedSession } from "@/api/types";
import type { Found as FoundMemory } from "@/memory/kinds";

/** Milliseconds without a key after which one has finished a word. */
const PAUSE = 180;
/** Sessions of one page of what is found. */
const PAGE = 8;
/** Memories that are shown; the memory page has the rest. */
const MEMORIES = 4;

export interface Finding {
  /** The words that what is found belongs to. */
  words: string;
  sessions: ListedSession[];
  more: (() => void) | null;
  memories: FoundMemory[];
  looking: boolean;
  /** Both were asked and have answered. */
  settled: boolean;
  failed: boolean;
}

/** The sessions and memories that have to do with the words; the service finds them. */
export function useFound(typed: string): Finding {
  const words = usePaused(typed.trim());
  const asking = words !== "";
  const sessions = useInfiniteQuery({
    queryKey: [...keys.allSessions, { search: words, palette: true }],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/sessions", {
          params: { query: { search: words, archived: "any", limit: PAGE, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: asking,
    placeholderData: keepPreviousData,
  });
  const memories = useQuery({
    queryKey: [...keys.memories, "palette", words],
    queryFn: ({ signal }) =>
      take(api.GET("/api/memories/search", { params: { query: { q: words, k: MEMORIES } }, signal })),
    enabled: asking,
    placeholderData: keepPreviousData,
  });
  const looking = typed.trim() !== words || sessions.isFetching || memories.isFetching;
  return {
    words,
    sessions: asking ? (sessions.data?.pages.flatMap((page) => page.items) ?? []) : [],
    more: asking && sessions.hasNextPage ? () => void sessions.fetchNextPage() : null,
    memories: asking ? (memories.data?.items.filter((memory) => memory.relevant) ?? []) : [],
    looking: typed.trim() !== "" && looking,
    settled: asking && !looking,
    failed: sessions.isError && memories.isError,
  };
}

function usePaused(words: string): string {
  const [paused, setPaused] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(words), PAUSE);
    return () => clearTimeout(timer);
  }, [words]);
  // What was emptied is empty at once.
  return words === "" ? "" : paused;
}
