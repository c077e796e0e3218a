import { type ComponentType, createElement, lazy } from "react";
import { fetchRoomTexts, loadRoomTexts } from "@/i18n";

/** Code did not come: the network is away, or the service is, or a newer one has taken its place. */
export class NotLoaded extends Error {
  constructor(cause: unknown) {
    super("A part of the page could not be loaded.", { cause });
    this.name = "NotLoaded";
  }
}

/** The fetching of each part, by which it is there before it is wanted. */
const fetches = new Set<() => Promise<unknown>>();
/** What lets a part that failed begin anew. */
const forgets = new Set<() => void>();

/**
 * A component whose code is loaded when it is drawn for the first time; with `texts`, those of the rooms come with it.
 * Where that fails it throws `NotLoaded`, until `forgetFailed` has it try again.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { texts = false } = {},
): ComponentType<Props> {
  const begin = () =>
    lazy(async () => {
      try {
        const [component] = await Promise.all([load(), texts ? loadRoomTexts() : null]);
        return { default: component };
      } catch (cause) {
        forgets.add(() => {
          known = begin() as ComponentType<Props>;
        });
        throw new NotLoaded(cause);
      }
    });
  // React keeps a failure for good, so another takes the place of one that failed.
  let known = begin() as ComponentType<Props>;
  fetches.add(() => Promise.all([load(), texts ? fetchRoomTexts() : null]));
  return (props) => createElement(known, props);
}

/** Have the parts that failed be loaded again when they are drawn next. */
export function forgetFailed(): void {
  for (const forget of forgets) forget();
  forgets.clear();
}

/** Milliseconds that the page stands before more is fetched than it needs: the first load is over by then. */
const LONG = 10_000;

/** Fetch every part, one by one while nothing else goes on, so that it is there when the service is not. */
export function fetchAhead(): () => void {
  let over = false;
  const timer = setTimeout(async () => {
    // What is fetched may have parts of its own, which join in.
    for (const fetchPart of fetches) {
      await idle();
      if (over) return;
      // It is fetched again when it is wanted, and says then what is wrong.
      await fetchPart().catch(() => {});
    }
  }, LONG);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 50);
  });
}
