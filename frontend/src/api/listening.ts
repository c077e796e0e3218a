import { asProblem, ProblemError, problemOf } from "./problem";
import { keys } from "./queries";
import { queryClient } from "./query-client";
import { backoff, pause, readEvents } from "./sse";
import { send } from "./stream";
import type { ListedSession, Session, UserEvents } from "./types";

type Name = keyof UserEvents;
type Tell = (name: Name, data: UserEvents[Name]) => void;

/** Milliseconds between tries where the service refuses the stream. */
const REFUSED = 60_000;

let met = false;

/** Listen until aborted, over as many connections as it takes. `tell` hears what came, when what was read is in step. */
export async function listen(tell: Tell, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    let wait: number | null = null;
    try {
      const response = await send("/api/events", { signal });
      if (!response.ok || response.body === null) throw await problemOf(response);
      await readEvents(response.body, ({ event, data }) => {
        attempt = 0;
        note(event as Name, data as UserEvents[Name]);
        tell(event as Name, data as UserEvents[Name]);
        return signal.aborted;
      });
    } catch (error) {
      if (error instanceof ProblemError && !asProblem(error).retryable) wait = REFUSED;
    }
    // Whoever falls silent may be gone altogether.
    if (attempt === 0 && !signal.aborted) void queryClient.invalidateQueries({ queryKey: keys.ready });
    attempt += 1;
    await pause(wait ?? backoff(attempt, 15_000), signal).catch(() => {});
  }
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
