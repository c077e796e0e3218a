import { Brain, SearchX, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl";
import { Link } from "@/shell/router";
import { Button } from "@/ui/Button";
import { ChipButton } from "@/ui/Chip";
import { useActive } from "./active";
import { focusFilters } from "./FilterBar";
import type { Filters } from "./filters";
import { KindName } from "./Meta";
import { open } from "./opened";

/** Nothing is remembered yet: what will be, by one example. */
export function NothingYet() {
  const t = useTranslations("memory");
  return (
    <section className="mx-auto flex w-full max-w-lg animate-fade-in flex-col gap-5 py-10">
      <div>
        <h2 className="text-title">{t("emptyTitle")}</h2>
        <p className="mt-1.5 text-soft">{t("emptyText")}</p>
      </div>
      <figure className="flex flex-col gap-3">
        <p className="ms-auto max-w-[85%] rounded-shell rounded-ee-tick bg-own px-4 py-2.5">
          {t("emptySaid")}
        </p>
        <div className="rounded-card border border-edge border-dashed bg-card p-3.5">
          <p>{t("emptyFact")}</p>
          <p className="mt-1.5 flex gap-2 text-small text-soft">
            <KindName kind="fact" /> {t("emptyFrom")}
          </p>
        </div>
        <figcaption className="text-small text-soft">{t("emptyHow")}</figcaption>
      </figure>
      <div className="flex flex-wrap gap-2">
        <Link
          to="/"
          className="inline-flex min-h-9 items-center rounded-full bg-mocha px-4 font-medium text-on-mocha transition-colors duration-150 hover:bg-mocha-strong pointer-coarse:min-h-11"
        >
          {t("emptyChat")}
        </Link>
        <Button onClick={() => open({ name: "add" })}>{t("emptyAdd")}</Button>
        <Button onClick={() => open({ name: "import" })}>{t("emptyImport")}</Button>
      </div>
    </section>
  );
}

/** What was said is remembered a moment after its answer. */
export function NothingButSoon() {
  const t = useTranslations("memory");
  return (
    <div role="status">
      <Nothing
        icon={<Brain size={20} className="animate-breathe" />}
        title={t("soonTitle")}
        text={t("soonText")}
      />
    </div>
  );
}

interface FilteredProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
  onClear(): void;
}

/** There are memories, and the filters let none through. */
export function NothingHere(props: FilteredProps) {
  const t = useTranslations("memory");
  const count = useActive(props.filters).length;
  return (
    <Nothing icon={<Brain size={20} />} title={t("noneTitle", { count })} text={t("noneText", { count })}>
      <TakeAway {...props} />
    </Nothing>
  );
}

/** Memory knows nothing of what was asked, or the filters leave it out. */
export function NothingFound(props: FilteredProps) {
  const t = useTranslations("memory");
  const question = props.filters.q.trim();
  const filtered = useActive(props.filters).length > 0;
  return (
    <Nothing
      icon={<SearchX size={20} />}
      title={t("notFoundTitle")}
      text={t(filtered ? "notFoundFiltered" : "notFoundText", { question })}
    >
      <TakeAway {...props} />
    </Nothing>
  );
}

/** The filters that are set, each to be taken away, and all of them at once. */
function TakeAway({ filters, onFilter, onClear }: FilteredProps) {
  const t = useTranslations("memory");
  const active = useActive(filters);
  if (active.length === 0) return null;
  return (
    <>
      <ul className="flex max-w-full flex-wrap justify-center gap-1.5">
        {active.map(({ name, without }) => (
          <li key={name} className="min-w-0 max-w-full">
            <ChipButton
              aria-label={t("takeAway", { name })}
              className="w-full"
              onClick={() => {
                onFilter(without);
                focusFilters();
              }}
            >
              <span className="truncate">{name}</span>
              <X size={14} aria-hidden="true" className="shrink-0" />
            </ChipButton>
          </li>
        ))}
      </ul>
      <Button size="small" className="mt-2" onClick={onClear}>
        {t("clearFilters")}
      </Button>
    </>
  );
}

interface NothingProps {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

function Nothing({ icon, title, text, children }: NothingProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="mx-auto flex max-w-md animate-fade-in flex-col items-center gap-2 py-14 text-center"
    >
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-crema text-crema-ink">
        {icon}
      </span>
      <h2 id={id} className="text-[1.0625rem] leading-[1.4]">
        {title}
      </h2>
      <p className="mb-2 break-words text-soft">{text}</p>
      {children}
    </section>
  );
}
