import { atFirstUse } from "@/shell/first-use";
import { isEcho } from "./echo";
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

/** Listen until aborted, over as many connections as it takes. `tell` hears what came, when what was read is in step. */
export async function listen(tell: Tell, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    let wait: number | null = null;
    try {
      // It never ends: whatever the page waits for goes first.
      const response = await send("/api/events", { signal, priority: "low" });
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
  if (told.hello) catchUp();
  if (told.title) void retitle(told.title.session_id, told.title.title);
  if (told.session) {
    const { session_id: id, deleted } = told.session;
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
    // What nobody looks at is read anew when somebody does. Where it is shown it is asked for again, and if it was
    // deleted the answer says so: what is only taken out of the cache stays on screen.
    for (const queryKey of [keys.session(id), keys.messages(id)]) {
      if (deleted) queryClient.removeQueries({ queryKey, type: "inactive" });
    }
    void queryClient.invalidateQueries({ queryKey: keys.session(id) });
    void queryClient.invalidateQueries({ queryKey: keys.messages(id), refetchType: "none" });
  }
  if (told.run) {
    void queryClient.invalidateQueries({ queryKey: keys.session(told.run.session_id) });
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  }
  if (told.remembered || told.forgotten) void queryClient.invalidateQueries({ queryKey: keys.memories });
  if (told.memories)
    void queryClient.invalidateQueries({
      queryKey: keys.memories,
      refetchType: isEcho() ? "none" : "active",
    });
  if (told.me) void queryClient.invalidateQueries({ queryKey: keys.me });
  if (told.job) queryClient.setQueryData(keys.job(told.job.id), told.job);
  if (told.status) queryClient.setQueryData(keys.ready, told.status);
}

let met = false;

/** Read anew what may have changed while nobody listened. */
function catchUp(): void {
  const again = () => void queryClient.invalidateQueries();
  if (met) again();
  // Between the first reading of the page and the first hello lies a moment, and the page has better to do in it.
  else atFirstUse(again);
  met = true;
}

interface Pages {
  pages: { items: ListedSession[] }[];
}

async function retitle(id: string, title: string): Promise<void> {
  const all = { queryKey: keys.allSessions };
  const one = { queryKey: keys.session(id) };
  // What is being read may be older than the title, and would be shown after it.
  await Promise.all([queryClient.cancelQueries(all), queryClient.cancelQueries(one)]);
  queryClient.setQueryData<Session>(one.queryKey, (session) => session && { ...session, title });
  queryClient.setQueriesData<Pages>(all, (lists) =>
    lists?.pages
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            items: page.items.map((session) => (session.id === id ? { ...session, title } : session)),
          })),
        }
      : lists,
  );
  void queryClient.invalidateQueries(all);
  void queryClient.invalidateQueries(one);
}
