import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { useHidden } from "@/api/undo";
import { announce } from "@/shell/announce";
import { Skeleton } from "@/ui/Skeleton";
import { useMemorySearch } from "./data";
import { NothingFound } from "./Empty";
import type { Filters } from "./filters";
import type { Found } from "./kinds";
import { MemoryCard } from "./MemoryCard";
import { Trouble } from "./Trouble";

interface ResultsProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
  onClear(): void;
}

/** What memory knows about a question, best first; and how far down an answer would be given it. */
export function Results({ filters, onFilter, onClear }: ResultsProps) {
  const t = useTranslations("memory");
  const hidden = useHidden();
  const { data, error, isPending, isPlaceholderData, refetch } = useMemorySearch(filters);
  const found = data?.items.filter((memory) => !hidden.has(memory.id)) ?? [];
  const { paused } = filters;
  const near = found.filter((memory) => memory.relevant || paused);
  const far = found.filter((memory) => !memory.relevant && !paused);
  const told =
    data && !isPlaceholderData
      ? paused
        ? t("foundPaused", { count: found.length })
        : t("found", { count: found.length, near: near.length })
      : null;

  useEffect(() => {
    if (told !== null) announce(told);
  }, [told]);

  if (isPending) return <ResultsSkeleton />;
  if (error && (data === undefined || isPlaceholderData))
    return <Trouble error={error} onRetry={() => void refetch()} />;
  if (found.length === 0) {
    return <NothingFound {...{ filters, onFilter, onClear }} />;
  }
  return (
    <div data-cards aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : undefined}>
      {data?.degraded && (
        <p className="mb-3 rounded-card bg-shelf px-4 py-2.5 text-small text-soft">{t("degraded")}</p>
      )}
      {paused ? (
        <Group
          title={t("pausedFound", { count: near.length })}
          text={t("pausedFoundText")}
          found={near}
          first
        />
      ) : (
        <Group
          title={near.length > 0 ? t("near", { count: near.length }) : t("nearNone")}
          text={near.length > 0 ? t("nearText") : t("nearNoneText")}
          found={near}
          first
        />
      )}
      {far.length > 0 && (
        <Group
          title={t("far", { count: far.length })}
          text={t("farText")}
          found={far}
          first={near.length === 0}
        />
      )}
    </div>
  );
}

function Group({
  title,
  text,
  found,
  first,
}: {
  title: string;
  text: string;
  found: Found[];
  first: boolean;
}) {
  return (
    <section className="pb-7">
      <h2 className="text-ui">{title}</h2>
      <p className="mb-3 text-small text-soft">{text}</p>
      <ol className="flex flex-col gap-2.5">
        {found.map((memory, at) => (
          <li key={memory.id}>
            <MemoryCard memory={memory} wide found first={first && at === 0} />
          </li>
        ))}
      </ol>
    </section>
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
