import { useEffect } from "react";
import { useCredential } from "./credential";
import type { UserEvents } from "./types";

type Name = keyof UserEvents;
type Handler<N extends Name> = (data: UserEvents[N]) => void;

/** Milliseconds after which a hidden tab lets go of its stream: a browser has but six connections for all of them. */
const HIDDEN = 30_000;
/** Milliseconds after which what listens is asked for again, where it did not come. */
const UNLOADED = 5_000;

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
    let beginning: ReturnType<typeof setTimeout> | undefined;

    function begin(): void {
      clearTimeout(leaving);
      if (listening !== null) return;
      listening = new AbortController();
      const { signal } = listening;
      // Without it the page works all the same, and learns of changes when it asks.
      import("./listening").then(
        ({ listen }) => listen(tell, signal),
        () => {
          // Its code did not come. The service may be away.
          if (signal.aborted) return;
          listening = null;
          beginning = setTimeout(look, UNLOADED);
        },
      );
    }
    function end(): void {
      listening?.abort();
      listening = null;
    }
    function look(): void {
      if (document.visibilityState === "visible") begin();
      else leaving = setTimeout(end, HIDDEN);
    }
    beginning = setTimeout(look, 500);
    document.addEventListener("visibilitychange", look);
    // A stream that was refused waits long before it asks again; with another key it asks at once.
    const ofKey = useCredential.subscribe(({ key }, before) => {
      if (key === before.key || listening === null) return;
      end();
      look();
    });
    return () => {
      ofKey();
      document.removeEventListener("visibilitychange", look);
      clearTimeout(beginning);
      clearTimeout(leaving);
      end();
    };
  }, []);
}

function tell(name: Name, data: UserEvents[Name]): void {
  for (const handler of handlers.get(name) ?? []) handler(data);
}
