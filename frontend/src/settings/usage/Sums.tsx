import { useFormatter, useTranslations } from "use-intl";
import { Card } from "../Parts";
import { useMoney } from "./money";
import { type Spent, tokensOf } from "./report";

/** Today and this month, in figures. */
export function Sums({ today, month }: { today: Spent; month: Spent }) {
  const t = useTranslations("settings.usage");
  return (
    <Card>
      <div className="grid gap-5 sm:grid-cols-2">
        <Sum title={t("today")} spent={today} />
        <Sum title={t("month")} spent={month} />
      </div>
      <p className="text-small text-soft">
        {t("utc")} {month.unpriced > 0 && month.cost_usd !== null && t("leftOut", { count: month.unpriced })}
        {month.unpriced > 0 && month.cost_usd === null && t("unpriced")}
      </p>
    </Card>
  );
}

function Sum({ title, spent }: { title: string; spent: Spent }) {
  const t = useTranslations("settings.usage");
  const format = useFormatter();
  const money = useMoney();
  return (
    <div className="min-w-0">
      <h3 className="font-semibold text-soft text-small">{title}</h3>
      <p className="tabular mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold text-title">{format.number(tokensOf(spent))}</span>
        <span className="text-soft">{t("tokens", { count: tokensOf(spent) })}</span>
      </p>
      <p className="tabular text-soft text-small">
        {t("answers", { count: spent.answers })}
        {spent.cost_usd !== null && ` · ${money(spent.cost_usd)}`}
      </p>
    </div>
  );
}
