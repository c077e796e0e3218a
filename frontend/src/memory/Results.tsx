import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useHidden } from "@/api/undo";
import { announce } from "@/shell/announce";
import { cx } from "@/ui/cx";
import { Skeleton } from "@/ui/Skeleton";
import { useComeBack } from "./cards";
import { useMemorySearch } from "./data";
import { NothingFound } from "./Empty";
import { Fold } from "./Fold";
import type { Filters } from "./filters";
import type { Found } from "./kinds";
import { MemoryCard } from "./MemoryCard";
import { Trouble } from "./Trouble";

interface ResultsProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
  onClear(): void;
}

/** What memory knows about a question, best first; what no answer would be given of it behind a fold. */
export function Results({ filters, onFilter, onClear }: ResultsProps) {
  const t = useTranslations("memory");
  const hidden = useHidden();
  const { data, error, isPending, isPlaceholderData, refetch } = useMemorySearch(filters);
  // The question whose further ones are asked for: another one is answered by what is near again.
  const [unfolded, unfold] = useState<string | null>(null);
  const found = data?.items.filter((memory) => memory.akin && !hidden.has(memory.id)) ?? [];
  // No answer is given what is paused, however near it is.
  const { paused } = filters;
  const near = paused ? found : found.filter((memory) => memory.relevant);
  const far = paused ? [] : found.filter((memory) => !memory.relevant);
  const words = paused
    ? t("foundPaused", { count: found.length })
    : t("found", { count: found.length, near: near.length });
  const told = data && !isPlaceholderData ? words : null;

  useEffect(() => {
    if (told !== null) announce(told);
  }, [told]);

  useComeBack(found.length > 0);

  if (isPending) return <ResultsSkeleton />;
  if (error && (data === undefined || isPlaceholderData))
    return <Trouble error={error} onRetry={() => void refetch()} />;
  return (
    <div
      data-cards
      aria-busy={isPlaceholderData}
      className={cx("flex flex-col", isPlaceholderData && "opacity-60")}
    >
      {data?.degraded && (
        <p className="mb-3 rounded-card bg-shelf px-4 py-2.5 text-small text-soft">{t("degraded")}</p>
      )}
      {near.length > 0 ? (
        <section className="pb-6">
          <h2 className="text-ui">{t(paused ? "pausedFound" : "near", { count: near.length })}</h2>
          <p className="mb-3 text-small text-soft">{t(paused ? "pausedFoundText" : "nearText")}</p>
          <Cards found={near} first />
        </section>
      ) : (
        <NothingFound {...{ filters, onFilter, onClear }} />
      )}
      {far.length > 0 && (
        <Fold
          label={t(near.length > 0 ? "far" : "farAlone", { count: far.length })}
          ids={far.map((memory) => memory.id)}
          open={unfolded === filters.q}
          onFold={(open) => unfold(open ? filters.q : null)}
        >
          <p className="mt-1 mb-3 text-small text-soft">{t("farText")}</p>
          <Cards found={far} first={near.length === 0} />
        </Fold>
      )}
    </div>
  );
}

function Cards({ found, first }: { found: Found[]; first: boolean }) {
  return (
    <ol className="flex flex-col gap-2.5">
      {found.map((memory, at) => (
        <li key={memory.id}>
          <MemoryCard memory={memory} wide found first={first && at === 0} />
        </li>
      ))}
    </ol>
  );
}

function ResultsSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-2.5">
      <Skeleton className="mb-2 h-5 w-64" />
      <Skeleton className="h-20 rounded-card" />
      <Skeleton className="h-20 rounded-card" />
      <Skeleton className="h-20 rounded-card" />
    </div>
  );
}
