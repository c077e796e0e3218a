import { useTranslations } from "use-intl";
import { cx } from "@/ui/cx";
import { FIELD } from "@/ui/Field";
import { dayKey } from "./days";
import type { Filters } from "./filters";

interface SpanFieldsProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
}

/** From which day to which, both included. */
export function SpanFields({ filters: { from, to }, onFilter }: SpanFieldsProps) {
  const t = useTranslations("memory");
  const today = dayKey(new Date());
  const field = cx(FIELD, "tabular w-auto rounded-row px-2.5 py-1 text-small");
  return (
    <div className="grid w-fit animate-fade-in grid-cols-[auto_auto] items-center gap-x-2 gap-y-2 text-small text-soft md:flex md:gap-x-4">
      <label className="contents items-center gap-2 md:flex">
        {t("from")}
        <input
          type="date"
          value={from}
          max={to || today}
          className={field}
          onChange={(event) => onFilter({ span: "custom", from: event.target.value })}
        />
      </label>
      <label className="contents items-center gap-2 md:flex">
        {t("to")}
        <input
          type="date"
          value={to}
          min={from || undefined}
          max={today}
          className={field}
          onChange={(event) => onFilter({ span: "custom", to: event.target.value })}
        />
      </label>
    </div>
  );
}
