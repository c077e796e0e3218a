import { memo, useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { ListedMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { DigestRow } from "./DigestRow";
import { type Day, daysAgo, wideOf } from "./days";
import { MemoryCard } from "./MemoryCard";
import { toggleAll, useSelection } from "./selection";
import { TextButton } from "./TextButton";

/** Cards that are laid out together: those of a day that are far from the window are not laid out at all. */
const BLOCK = 24;

interface DaySectionProps {
  day: Day;
  first: boolean;
}

/** One day of the timeline: what it was about, and what is remembered of it. */
export const DaySection = memo(
  function DaySection({ day, first }: DaySectionProps) {
    const id = useId();
    const wide = wideOf(day.items);
    return (
      <section
        aria-labelledby={id}
        className="group/day -mx-2 grid gap-x-0 gap-y-2 [contain-intrinsic-size:auto_240px] [content-visibility:auto] md:ms-0 md:grid-cols-[92px_32px_minmax(0,1fr)]"
      >
        <DayHead day={day} id={id} />
        <div aria-hidden="true" className="relative hidden md:block">
          <span className="absolute inset-y-0 start-1/2 w-px -translate-x-1/2 bg-line rtl:translate-x-1/2" />
          <span className="absolute start-1/2 top-2 size-2.5 -translate-x-1/2 rounded-full bg-mocha ring-4 ring-paper rtl:translate-x-1/2" />
        </div>
        <div className="flex min-w-0 flex-col gap-2.5 px-2 pt-1 pb-8">
          {day.digests.map((digest, at) => (
            <DigestRow key={digest.id} memory={digest} first={first && at === 0} />
          ))}
          {blocksOf(day.items).map((block, number) => (
            <ul
              key={block[0]?.id}
              className={cx(
                "grid gap-2.5 md:grid-cols-2",
                number > 0 && "-m-1 p-1 [contain-intrinsic-size:auto_1200px] [content-visibility:auto]",
              )}
            >
              {block.map((memory, at) => {
                const place = number * BLOCK + at;
                return (
                  <li key={memory.id} className={cx("min-w-0", wide[place] && "md:col-span-2")}>
                    <MemoryCard
                      memory={memory}
                      wide={wide[place]}
                      first={first && day.digests.length === 0 && place === 0}
                    />
                  </li>
                );
              })}
            </ul>
          ))}
        </div>
      </section>
    );
  },
  (before, after) => before.first === after.first && sameDay(before.day, after.day),
);

function DayHead({ day, id }: { day: Day; id: string }) {
  const t = useTranslations("memory");
  const format = useFormatter();
  const ids = [...day.digests, ...day.items].map((memory) => memory.id);
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
    </div>
  );
}

function blocksOf(items: ListedMemory[]): ListedMemory[][] {
  return Array.from({ length: Math.ceil(items.length / BLOCK) }, (_, at) =>
    items.slice(at * BLOCK, (at + 1) * BLOCK),
  );
}

function sameDay(one: Day, other: Day): boolean {
  return one.key === other.key && same(one.digests, other.digests) && same(one.items, other.items);
}

function same(some: ListedMemory[], others: ListedMemory[]): boolean {
  return some.length === others.length && some.every((memory, at) => memory === others[at]);
}
