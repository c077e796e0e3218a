import { useEffect, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { useRetention } from "@/api/queries";
import { useHidden } from "@/api/undo";
import { Button } from "@/ui/Button";
import { useComeBack, useCurrentCard } from "./cards";
import { DaySection } from "./DaySection";
import { useMemories } from "./data";
import { byDay } from "./days";
import { NothingButSoon, NothingHere, NothingYet } from "./Empty";
import { type Filters, narrowed } from "./filters";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { Trouble } from "./Trouble";

/** Marks what scrolls the timeline. */
export const SCROLLER = "data-scroller";
/** How far below the window the next page is asked for. */
const AHEAD = "1200px";

interface TimelineProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
  onClear(): void;
}

/** What is remembered, day by day, the newest first. */
export function Timeline({ filters, onFilter, onClear }: TimelineProps) {
  const t = useTranslations("memory");
  const hidden = useHidden();
  const {
    data,
    error,
    isPending,
    isPlaceholderData,
    refetch,
    isFetching,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
    isFetchNextPageError,
  } = useMemories(filters);
  const usage = useRetention().data?.usage;
  const shown = useMemo(() => data?.filter((memory) => !hidden.has(memory.id)) ?? [], [data, hidden]);
  // Who asks for what has a mark has given it that mark, whoever said it.
  const apart = !(filters.pinned || filters.paused);
  const days = useMemo(() => byDay(shown, apart), [shown, apart]);
  const first = days.findIndex((day) => day.digests.length + day.items.length > 0);
  const known = useCurrentCard((state) => state.id);

  useEffect(() => {
    // The card that Tab led to is gone: the first takes its place.
    if (known !== null && !shown.some((memory) => memory.id === known)) useCurrentCard.setState({ id: null });
  }, [known, shown]);

  useComeBack(shown.length > 0);

  if (isPending) return <TimelineSkeleton />;
  if (error && data === undefined) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (shown.length === 0 && !hasNextPage) {
    if (narrowed(filters)) return <NothingHere {...{ filters, onFilter, onClear }} />;
    // There are some, which this list was read too early for; or there will be in a moment.
    const early = data?.length === 0 && isFetching;
    const soon = usage && (usage.coming > 0 || (usage.memories > 0 && early));
    return soon ? <NothingButSoon /> : <NothingYet />;
  }
  return (
    <div
      data-cards
      aria-busy={isPlaceholderData || isFetchingNextPage}
      className={isPlaceholderData ? "opacity-60" : undefined}
    >
      {days.map((day, at) => (
        <DaySection key={day.key} day={day} first={at === first} />
      ))}
      {hasNextPage && !isFetchNextPageError && (
        <Reached onReached={fetchNextPage} active={!isFetchingNextPage} />
      )}
      {isFetchingNextPage && <TimelineSkeleton />}
      {isFetchNextPageError && (
        <Button size="small" className="mx-auto flex" onClick={() => void fetchNextPage()}>
          {t("moreFailed")}
        </Button>
      )}
    </div>
  );
}

/** Tells when the end of what is loaded comes near the window. */
function Reached({ onReached, active }: { onReached(): void; active: boolean }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const end = ref.current;
    if (end === null || !active) return;
    const watch = new IntersectionObserver(
      // Several changes come at once where the page is scrolled fast: the last one is how it is.
      (changes) => {
        if (changes.at(-1)?.isIntersecting) onReached();
      },
      // The margin counts for the named root alone: what scrolls inside the page would clip it.
      { root: end.closest(`[${SCROLLER}]`), rootMargin: AHEAD },
    );
    watch.observe(end);
    return () => watch.disconnect();
  }, [active, onReached]);
  return <div ref={ref} className="h-px" />;
}
