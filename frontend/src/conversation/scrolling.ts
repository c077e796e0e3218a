import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { toast } from "@/ui/Toast";
import { type History, loadAround, loadNewer, loadOlder } from "./history";

type Scroller = RefObject<HTMLElement | null>;

/** Pixels before an end at which more is loaded, so that one seldom sees it come. */
const AHEAD = "900px";
/** Milliseconds after which what was loaded has its height. */
const SETTLED = 400;
/** Milliseconds that a message glows that was jumped to. */
const GLOW = 2_400;

/** Pixels from the end within which one still reads the end. */
const AT_END = 70;

/**
 * Lets go of the end as soon as one scrolls up from it. What holds on to the end looks at a scroll only while no height
 * changes, and heights do change as messages come into view: it would take one back there when the next ones arrive.
 */
export function useLettingGo(scroller: Scroller, stopScroll: () => void): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let last = element.scrollTop;
    const scrolled = () => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      if (scrollTop < last && scrollHeight - clientHeight - scrollTop > AT_END) stopScroll();
      last = scrollTop;
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [scroller, stopScroll]);
}

/** Loads what was said before and after when one comes near it. What one reads stays where it is. */
export function useMoreAtEnds(scroller: Scroller, sessionId: string | null, history: History | null) {
  const topRef = useRef<HTMLDivElement>(null);
  const bottomRef = useRef<HTMLDivElement>(null);
  const held = useRef<{ element: Element; top: number } | null>(null);
  const loading = useRef(false);
  const first = history?.items[0]?.id;

  const load = useCallback(
    async (more: (sessionId: string) => Promise<void>) => {
      if (sessionId === null || loading.current) return;
      loading.current = true;
      try {
        await more(sessionId);
      } catch (error) {
        // Scrolling there again tries again.
        asProblem(error);
      } finally {
        loading.current = false;
      }
    },
    [sessionId],
  );

  useNear(topRef, scroller, !!history?.older, history, () =>
    load((id) =>
      loadOlder(id, () => {
        held.current = holdOf(scroller.current);
      }),
    ),
  );
  useNear(bottomRef, scroller, !!history?.newer, history, () => load(loadNewer));

  // biome-ignore lint/correctness/useExhaustiveDependencies: when messages came before the first.
  useLayoutEffect(() => {
    const hold = held.current;
    held.current = null;
    if (hold === null || scroller.current === null || !hold.element.isConnected) return;
    scroller.current.scrollTop += hold.element.getBoundingClientRect().top - hold.top;
  }, [first]);

  return { topRef, bottomRef };
}

/** The first row that is seen, and where. */
function holdOf(scroller: HTMLElement | null): { element: Element; top: number } | null {
  if (scroller === null) return null;
  const edge = scroller.getBoundingClientRect().top;
  for (const element of scroller.querySelectorAll("[data-row]")) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > edge) return { element, top };
  }
  return null;
}

function useNear(
  mark: Scroller,
  scroller: Scroller,
  watched: boolean,
  history: History | null,
  act: () => void,
): void {
  const latest = useRef(act);
  const began = useRef(performance.now());
  latest.current = act;
  // With each page that came, looked at anew: the mark may still be near.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const element = mark.current;
    if (!watched || element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current();
      },
      { root: scroller.current, rootMargin: `${AHEAD} 0px` },
    );
    // Not before one is where one begins to read: a page that is still at its top would load all there is above.
    const timer = setTimeout(
      () => observer.observe(element),
      Math.max(0, began.current + SETTLED - performance.now()),
    );
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [watched, history, mark, scroller]);
}

interface Jump {
  scrollRef: Scroller;
  sessionId: string | null;
  target: string | null;
  history: History | null;
  stopScroll(): void;
}

/** Brings the message into view that the address names, from wherever it is, once. Returns the one that glows. */
export function useJump({ scrollRef, sessionId, target, history, stopScroll }: Jump): string | null {
  const t = useTranslations("conversation");
  const words = useProblemText();
  const [glowing, glow] = useState<string | null>(null);
  const done = useRef<string | null>(null);
  const asked = useRef<string | null>(null);
  const there = target !== null && !!history?.items.some((message) => message.id === target);
  const loaded = history !== null;

  useEffect(() => {
    if (target === null) done.current = asked.current = null;
    if (target === null || sessionId === null || !loaded || there || asked.current === target) return;
    asked.current = target;
    loadAround(sessionId, target).catch((error) => {
      const problem = asProblem(error);
      toast({ text: problem.status === 404 ? t("messageGone") : words(problem), tone: "trouble" });
    });
  }, [target, sessionId, loaded, there, t, words]);

  useLayoutEffect(() => {
    if (!there || done.current === target) return;
    done.current = target;
    const show = () => {
      // Near the end the end would hold on again, when something above it gets shorter.
      stopScroll();
      find(scrollRef.current, target)?.scrollIntoView({ block: "center" });
    };
    show();
    // What was only estimated above it has its height by now.
    requestAnimationFrame(() => requestAnimationFrame(show));
    setTimeout(stopScroll, SETTLED);
    glow(target);
    find(scrollRef.current, target)?.focus({ preventScroll: true });
  }, [there, target, scrollRef, stopScroll]);

  useEffect(() => {
    if (glowing === null) return;
    const timer = setTimeout(() => glow(null), GLOW);
    return () => clearTimeout(timer);
  }, [glowing]);
  return glowing;
}

function find(scroller: HTMLElement | null, id: string | null): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${id}"]`) ?? null;
}
