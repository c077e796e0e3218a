import { ChevronDown } from "lucide-react";
import { useCallback, useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useRetention } from "@/api/queries";
import { Header } from "@/shell/Header";
import { useMedia, WIDE } from "@/shell/media";
import { useTitle } from "@/shell/title";
import { ChipButton } from "@/ui/Chip";
import { cx } from "@/ui/cx";
import { Dialogs } from "./Dialogs";
import { useMemoriesLive } from "./data";
import { FilterBar, focusFilters } from "./FilterBar";
import { EVERYTHING, narrowed, useFilters } from "./filters";
import { MemoryOff } from "./MemoryOff";
import { PageActions } from "./PageActions";
import { Results } from "./Results";
import { RetentionFold } from "./RetentionFold";
import { SearchField } from "./SearchField";
import { SelectionBar } from "./SelectionBar";
import { clearSelection } from "./selection";
import { SCROLLER, Timeline } from "./Timeline";
import { ImportProgress } from "./transfer/ImportProgress";

/** What is remembered: to see, find, correct and take away. */
export function MemoryPage() {
  const t = useTranslations("memory");
  const fold = useId();
  const [folded, setFolded] = useState(true);
  const [filters, change] = useFilters();
  const asking = filters.q.trim() !== "";
  const { data: retention } = useRetention();
  // Nothing to search and nothing to leave out: the example that stands below says more.
  const bare = retention?.usage.memories === 0 && !asking && !narrowed(filters);
  useTitle(t("title"));
  useMemoriesLive();

  const filter = useCallback(
    (some: Parameters<typeof change>[0], how?: Parameters<typeof change>[1]) => {
      // What is out of sight is not acted upon.
      clearSelection();
      change(some, how);
    },
    [change],
  );
  function clear(): void {
    filter({ ...EVERYTHING, q: filters.q });
    focusFilters();
  }
  return (
    <>
      <Header
        title={t("title")}
        chips={<Counts fold={fold} folded={folded} onFold={() => setFolded(!folded)} />}
        end={<PageActions />}
      />
      <div {...{ [SCROLLER]: "" }} className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex min-h-full w-full max-w-[968px] flex-col gap-4 px-4 pt-5 pb-10 md:px-6 md:pt-7">
          {!folded && <RetentionFold id={fold} />}
          <MemoryOff />
          <ImportProgress />
          {!bare && (
            <>
              <SearchField
                question={filters.q}
                // While one types, back leads to what was there before the first letter.
                onAsk={(q) => filter({ q }, { replace: asking && q.trim() !== "" })}
              />
              <FilterBar filters={filters} onFilter={filter} onClear={clear} />
            </>
          )}
          <div className="flex-1 pt-3">
            {asking ? (
              <Results filters={filters} onFilter={filter} onClear={clear} />
            ) : (
              <Timeline filters={filters} onFilter={filter} onClear={clear} />
            )}
          </div>
        </div>
        <SelectionBar />
      </div>
      <Dialogs />
    </>
  );
}

interface CountsProps {
  fold: string;
  folded: boolean;
  onFold(): void;
}

/** How much is remembered; opens what is kept of it and what left. */
function Counts({ fold, folded, onFold }: CountsProps) {
  const t = useTranslations("memory");
  const format = useFormatter();
  const { data } = useRetention();
  const wide = useMedia(WIDE);
  if (!data) return null;
  const { memories, pinned, paused } = data.usage;
  const kept = t("kept", { count: memories });
  const words = [
    // The page's name needs the room on a phone.
    wide ? kept : format.number(memories),
    wide && pinned > 0 && t("countPinned", { count: pinned }),
    wide && paused > 0 && t("countPaused", { count: paused }),
  ];
  return (
    <ChipButton
      aria-label={wide ? undefined : kept}
      aria-expanded={!folded}
      aria-controls={folded ? undefined : fold}
      className="min-w-0 shrink-0 animate-fade-in"
      onClick={onFold}
    >
      <span className="truncate">{words.filter(Boolean).join(" · ")}</span>
      <ChevronDown
        size={14}
        aria-hidden="true"
        className={cx("shrink-0 transition-transform duration-150", !folded && "rotate-180")}
      />
    </ChipButton>
  );
}
