import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, take } from "./client";
import { queryClient } from "./query-client";
import type { Me, Readiness, RetentionPreview, Session } from "./types";
import { noteUser } from "./whose";

export interface SessionFilter {
  search?: string;
  archived?: boolean;
}

/** Under which key each thing is kept. Rooms that read more add their keys beside these in their own files. */
export const keys = {
  sessions: (filter: SessionFilter = {}) => ["sessions", filter] as const,
  allSessions: ["sessions"] as const,
  session: (id: string) => ["session", id] as const,
  messages: (id: string) => ["messages", id] as const,
  /** Everything about memories begins so. */
  memories: ["memories"] as const,
  memory: (id: string) => ["memories", "one", id] as const,
  retention: ["memories", "retention"] as const,
  preview: ["memories", "retention", "preview"] as const,
  models: ["models"] as const,
  me: ["me"] as const,
  job: (id: string) => ["job", id] as const,
  ready: ["ready"] as const,
};

/** The sessions, last talked in first; more with `fetchNextPage`. */
export function useSessions(filter: SessionFilter = {}) {
  return useInfiniteQuery({
    queryKey: keys.sessions(filter),
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/sessions", {
          params: { query: { ...filter, limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

/** One session. */
export function useSession(id: string | null) {
  return useQuery({
    queryKey: keys.session(id ?? ""),
    queryFn: ({ signal }) => readSession(id ?? "", signal),
    enabled: id !== null,
  });
}

export function readSession(id: string, signal?: AbortSignal): Promise<Session> {
  return take(api.GET("/api/sessions/{session_id}", { params: { path: { session_id: id } }, signal }));
}

/** You, and what you have set. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => readMe(signal),
    staleTime: 60_000,
  });
}

export async function readMe(signal?: AbortSignal): Promise<Me> {
  const me = await take(api.GET("/api/me", { signal }));
  noteUser(me.id);
  return me;
}

/** Milliseconds between two looks while something is about to be remembered: nobody tells when it is. */
const COMING = 500;

/** How much is remembered, of how much. */
export function useRetention() {
  return useQuery({
    queryKey: keys.retention,
    queryFn: ({ signal }) => take(api.GET("/api/memories/retention", { signal })),
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data?.usage.coming ? COMING : false),
  });
}

/** What leaves next under the limits that hold, and when. */
export function usePreview() {
  return useQuery({
    queryKey: keys.preview,
    queryFn: ({ signal }) => take(api.GET("/api/memories/retention/preview", { signal })),
    staleTime: 30_000,
  });
}

/** What would leave under limits of one's own that are not set yet. Throws `ProblemError`. */
export function previewOf(limits: {
  memories: number | null;
  days: number | null;
}): Promise<RetentionPreview> {
  const { memories, days } = limits;
  const query = { try: true, ...(memories === null ? {} : { memories }), ...(days === null ? {} : { days }) };
  return take(api.GET("/api/memories/retention/preview", { params: { query } }));
}

/** The models that may be chosen, the default first. */
export function useModels() {
  return useQuery({
    queryKey: keys.models,
    queryFn: ({ signal }) => take(api.GET("/api/models", { signal })),
    staleTime: 300_000,
  });
}

/** What works and what does not: looked at seldom while all is well, often while it is not. */
export function useReady() {
  return useQuery({
    queryKey: keys.ready,
    queryFn: async ({ signal }): Promise<Readiness | null> => {
      // 503 is an answer here: it says what is down.
      const { data, error } = await api.GET("/ready", { signal });
      const body = data ?? error;
      return body && "dependencies" in body ? (body as Readiness) : null;
    },
    // Changes are told by /api/events; this finds out when nothing is told any more.
    refetchInterval: ({ state }) => (state.data?.status === "ok" ? 60_000 : 5_000),
    retry: false,
  });
}

/** A session changed here: show it so everywhere, without waiting for the service to say it again. */
export function noteSession(session: Session): void {
  queryClient.setQueryData(keys.session(session.id), session);
  void queryClient.invalidateQueries({ queryKey: keys.allSessions });
}
