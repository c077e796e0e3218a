import { useEffect } from "react";
import { asProblem, ProblemError, problemOf } from "./problem";
import { keys } from "./queries";
import { queryClient } from "./query-client";
import { backoff, pause, readEvents } from "./sse";
import { send } from "./stream";
import type { ListedSession, Session, UserEvents } from "./types";

type Name = keyof UserEvents;
type Handler<N extends Name> = (data: UserEvents[N]) => void;

/** Milliseconds after which a hidden tab lets go of its stream: a browser has but six connections for all of them. */
const HIDDEN = 30_000;
/** Milliseconds between tries where the service refuses the stream. */
const REFUSED = 60_000;

const handlers = new Map<Name, Set<Handler<Name>>>();

/** Do something whenever an event of that name comes. */
export function useUserEvent<N extends Name>(name: N, handler: Handler<N>): void {
  useEffect(() => {
    const all = handlers.get(name) ?? new Set();
    handlers.set(name, all);
    all.add(handler as Handler<Name>);
    return () => {
      all.delete(handler as Handler<Name>);
    };
  }, [name, handler]);
}

/** Listen to what happens outside a turn, while the page is seen. Once, in the frame. */
export function useUserEvents(): void {
  useEffect(() => {
    let listening: AbortController | null = null;
    let leaving: ReturnType<typeof setTimeout> | undefined;

    function begin(): void {
      clearTimeout(leaving);
      if (listening !== null) return;
      listening = new AbortController();
      void listen(listening.signal);
    }
    function end(): void {
      listening?.abort();
      listening = null;
    }
    function look(): void {
      if (document.visibilityState === "visible") begin();
      else leaving = setTimeout(end, HIDDEN);
    }
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearTimeout(leaving);
      end();
    };
  }, []);
}

let met = false;

async function listen(signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    let wait: number | null = null;
    try {
      const response = await send("/api/events", { signal });
      if (!response.ok || response.body === null) throw await problemOf(response);
      await readEvents(response.body, ({ event, data }) => {
        attempt = 0;
        take(event as Name, data as UserEvents[Name]);
        return signal.aborted;
      });
    } catch (error) {
      if (error instanceof ProblemError && !asProblem(error).retryable) wait = REFUSED;
    }
    attempt += 1;
    await pause(wait ?? backoff(attempt, 15_000), signal).catch(() => {});
  }
}

function take(name: Name, data: UserEvents[Name]): void {
  note(name, data);
  for (const handler of handlers.get(name) ?? []) handler(data);
}

/** Keep what was read in step with what is told. */
function note(name: Name, data: UserEvents[Name]): void {
  const told = { [name]: data } as Partial<UserEvents>;
  if (told.hello) {
    // Whatever was told while nobody listened is read anew.
    if (met) void queryClient.invalidateQueries();
    met = true;
  }
  if (told.title) retitle(told.title.session_id, told.title.title);
  if (told.session) {
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
    const key = keys.session(told.session.session_id);
    if (told.session.deleted) queryClient.removeQueries({ queryKey: key });
    else void queryClient.invalidateQueries({ queryKey: key });
  }
  if (told.run) {
    void queryClient.invalidateQueries({ queryKey: keys.session(told.run.session_id) });
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  }
  if (told.remembered || told.forgotten) void queryClient.invalidateQueries({ queryKey: keys.memories });
  if (told.job) queryClient.setQueryData(keys.job(told.job.id), told.job);
  if (told.status) queryClient.setQueryData(keys.ready, told.status);
}

interface Pages {
  pages: { items: ListedSession[] }[];
}

function retitle(id: string, title: string): void {
  queryClient.setQueryData<Session>(keys.session(id), (session) => session && { ...session, title });
  queryClient.setQueriesData<Pages>({ queryKey: keys.allSessions }, (all) =>
    all?.pages
      ? {
          ...all,
          pages: all.pages.map((page) => ({
            ...page,
            items: page.items.map((session) => (session.id === id ? { ...session, title } : session)),
          })),
        }
      : all,
  );
}
