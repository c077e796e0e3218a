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
    <div className="flex animate-fade-in flex-wrap items-center gap-x-4 gap-y-2 text-small text-soft">
      <label className="flex items-center gap-2">
        {t("from")}
        <input
          type="date"
          value={from}
          max={to || today}
          className={field}
          onChange={(event) => onFilter({ span: "custom", from: event.target.value })}
        />
      </label>
      <label className="flex items-center gap-2">
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
