import { useFormatter, useTranslations } from "use-intl";
import { Meter } from "@/ui/Meter";
import { Card } from "../Parts";
import { useMoney } from "./money";
import { type Budget, usedOf } from "./report";

/** What is left of each bound, and when there is all of it again. */
export function Budgets({ budgets }: { budgets: Budget[] }) {
  const t = useTranslations("settings.usage");
  return (
    <Card title={t("left")} text={budgets.length === 0 ? t("unbounded") : t("leftText")}>
      {budgets.length > 0 && (
        <ul className="flex flex-col gap-4">
          {budgets.map((budget) => (
            <Left key={`${budget.whose} ${budget.unit}`} budget={budget} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Left({ budget }: { budget: Budget }) {
  const t = useTranslations("settings.usage");
  const format = useFormatter();
  const money = useMoney();
  const amount = (value: number) => (budget.unit === "usd" ? money(value) : format.number(Math.floor(value)));
  const name = t(budget.unit === "usd" ? "moneyOf" : "tokensOf", { whose: budget.whose });
  const until = format.dateTime(new Date(budget.resets_at), {
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "numeric",
  });
  return (
    <li className="flex flex-col gap-1.5">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{name}</span>
        <span className="tabular text-soft">
          {t("leftOf", { left: amount(budget.left), limit: amount(budget.limit) })}
        </span>
      </p>
      <Meter value={usedOf(budget)} label={t("used", { name })} />
      <p className={budget.left > 0 ? "text-small text-soft" : "text-clay text-small"}>
        {budget.left > 0 ? t("again", { when: until }) : t("spent", { when: until })}
      </p>
    </li>
  );
}
