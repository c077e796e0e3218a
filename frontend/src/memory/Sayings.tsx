import { useTranslations } from "use-intl";
import type { ListedMemory } from "@/api/types";
import { DayCards } from "./DayCards";
import { wideOf } from "./days";
import { Fold } from "./Fold";
import { useSelection } from "./selection";

interface SayingsProps {
  sayings: ListedMemory[];
  /** What is seen of the day beside them. */
  beside: readonly string[];
  unfolded: boolean;
  onFold(open: boolean): void;
}

/** What Memocha said on a day, folded: it is there to be followed, and not what one looks for. */
export function Sayings({ sayings, beside, unfolded, onFold }: SayingsProps) {
  const t = useTranslations("memory");
  // Who selects all that is seen of the day might take these for selected with it.
  const left = useSelection(({ ids }) => !unfolded && beside.length > 0 && beside.every((id) => ids.has(id)));
  const label = t("sayings", {
    count: answersIn(sayings),
    pinned: sayings.filter((memory) => memory.pinned).length,
    paused: sayings.filter((memory) => memory.state === "paused").length,
    left: left ? "yes" : "no",
  });
  return (
    <Fold label={label} ids={sayings.map((memory) => memory.id)} open={unfolded} onFold={onFold}>
      <div className="flex flex-col gap-2.5">
        <DayCards items={sayings} wide={wideOf(sayings)} first={false} />
      </div>
    </Fold>
  );
}

/** How many answers they are of: a long one is several moments. */
function answersIn(sayings: ListedMemory[]): number {
  return new Set(sayings.map(({ id, sources }) => sources[0]?.message_id ?? id)).size;
}
