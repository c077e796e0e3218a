import { useFormatter, useTranslations } from "use-intl";
import { useMoney } from "./money";
import { type Report, tokensOf } from "./report";

/** What each model took, the one with most answers first. */
export function ByModel({ models }: { models: Report["models"] }) {
  const t = useTranslations("settings.usage");
  const format = useFormatter();
  const money = useMoney();
  return (
    <ul className="flex flex-col">
      {models.map((spent) => (
        <li
          key={spent.model}
          className="flex flex-wrap justify-between gap-x-4 border-line border-b py-2 first:pt-0 last:border-b-0 last:pb-0"
        >
          {/* One that was stopped before it told its name. */}
          <span className="min-w-0 break-words font-medium">{spent.model || t("unnamed")}</span>
          <span className="tabular text-soft">
            {t("answers", { count: spent.answers })} · {format.number(tokensOf(spent))}{" "}
            {t("tokens", { count: tokensOf(spent) })} ·{" "}
            {spent.cost_usd === null ? t("noPrice") : money(spent.cost_usd)}
          </span>
        </li>
      ))}
    </ul>
  );
}
