import type { ListedMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { MemoryCard } from "./MemoryCard";

/** Cards that are laid out together: those of a day that are far from the window are not laid out at all. */
const BLOCK = 24;

interface DayCardsProps {
  items: ListedMemory[];
  /** Which of them have both columns. */
  wide: boolean[];
  /** Whether the first of them is the first of the page. */
  first: boolean;
}

/** Memories of a day, side by side. */
export function DayCards({ items, wide, first }: DayCardsProps) {
  return blocksOf(items).map((block, number) => (
    <ul
      // biome-ignore lint/suspicious/noArrayIndexKey: named by what it begins with, all in it would be made anew with each new memory
      key={number}
      className={cx(
        "grid gap-2.5 md:grid-cols-2",
        number > 0 && "-m-1 p-1 [contain-intrinsic-size:auto_1200px] [content-visibility:auto]",
      )}
    >
      {block.map((memory, at) => {
        const place = number * BLOCK + at;
        return (
          <li key={memory.id} className={cx("min-w-0", wide[place] && "md:col-span-2")}>
            <MemoryCard memory={memory} wide={wide[place]} first={first && place === 0} />
          </li>
        );
      })}
    </ul>
  ));
}

function blocksOf(items: ListedMemory[]): ListedMemory[][] {
  return Array.from({ length: Math.ceil(items.length / BLOCK) }, (_, at) =>
    items.slice(at * BLOCK, (at + 1) * BLOCK),
  );
}
