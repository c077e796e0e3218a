import { memo, useId, useMemo, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { ListedMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { DayCards } from "./DayCards";
import { DigestRow } from "./DigestRow";
import { type Day, daysAgo, wideOf } from "./days";
import { Sayings } from "./Sayings";
import { toggleAll, useSelection } from "./selection";
import { TextButton } from "./TextButton";

interface DaySectionProps {
  day: Day;
  first: boolean;
}

/** One day of the timeline: what it was about, and what is remembered of it. */
export const DaySection = memo(
  function DaySection({ day, first }: DaySectionProps) {
    const id = useId();
    const [unfolded, setUnfolded] = useState(false);
    const seen = seenOf(day, unfolded);
    const wide = useMemo(() => wideOf(day.items), [day.items]);
    return (
      <section
        aria-labelledby={id}
        className="group/day -mx-2 grid gap-x-0 gap-y-2 [contain-intrinsic-size:auto_240px] [content-visibility:auto] md:ms-0 md:grid-cols-[92px_32px_minmax(0,1fr)]"
      >
        <DayHead day={day} id={id} ids={seen} />
        <div aria-hidden="true" className="relative hidden md:block">
          <span className="absolute inset-y-0 start-1/2 w-px -translate-x-1/2 bg-line rtl:translate-x-1/2" />
          <span className="absolute start-1/2 top-2 size-2.5 -translate-x-1/2 rounded-full bg-mocha ring-4 ring-paper rtl:translate-x-1/2" />
        </div>
        <div className="flex min-w-0 flex-col gap-2.5 px-2 pt-1 pb-8">
          {day.digests.map((digest, at) => (
            <DigestRow key={digest.id} memory={digest} first={first && at === 0} />
          ))}
          <DayCards items={day.items} wide={wide} first={first && day.digests.length === 0} />
          {day.sayings.length > 0 && (
            <Sayings sayings={day.sayings} beside={seen} unfolded={unfolded} onFold={setUnfolded} />
          )}
        </div>
      </section>
    );
  },
  (before, after) => before.first === after.first && sameDay(before.day, after.day),
);

function DayHead({ day, id, ids }: { day: Day; id: string; ids: string[] }) {
  const t = useTranslations("memory");
  const format = useFormatter();
  const all = useSelection((state) => ids.every((each) => state.ids.has(each)));
  const some = useSelection((state) => state.ids.size > 0);
  const ago = daysAgo(day.at);
  const year = day.at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  const date = format.dateTime(day.at, { day: "numeric", month: "short", ...year });
  const weekday = format.dateTime(day.at, { weekday: "long" });
  const near = ago === 0 ? t("today") : ago === 1 ? t("yesterday") : ago > 1 && ago < 7 ? weekday : null;
  return (
    <div className="tabular flex flex-wrap items-baseline gap-x-2 px-2 md:flex-col md:px-0 md:items-end md:gap-0 md:pt-1 md:text-end">
      <h2 id={id} className="font-semibold text-crema-ink text-ui">
        {near ?? date}
      </h2>
      <span className="text-faint text-small">{near ? date : weekday}</span>
      {ids.length > 0 && (
        <TextButton
          quiet
          onClick={() => toggleAll(ids)}
          className={cx(
            "ms-auto text-tiny focus-visible:opacity-100 group-focus-within/day:opacity-100 group-hover/day:opacity-100 md:ms-0",
            !some && "opacity-0 pointer-coarse:opacity-100",
          )}
        >
          {all ? t("selectNone") : t("selectDay")}
        </TextButton>
      )}
    </div>
  );
}

/** What is seen of a day, and selected with it. */
function seenOf(day: Day, unfolded: boolean): string[] {
  return [...day.digests, ...day.items, ...(unfolded ? day.sayings : [])].map((memory) => memory.id);
}

function sameDay(one: Day, other: Day): boolean {
  return (
    one.key === other.key &&
    same(one.digests, other.digests) &&
    same(one.items, other.items) &&
    same(one.sayings, other.sayings)
  );
}

function same(some: ListedMemory[], others: ListedMemory[]): boolean {
  return some.length === others.length && some.every((memory, at) => memory === others[at]);
}
