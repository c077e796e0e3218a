import { useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useMoney } from "./money";
import { barsOf, type Report, tokensOf } from "./report";

/** Units of the drawing: a day is ten wide, two of them to the next. */
const DAY = 10;
const GAP = 2;
const HIGH = 96;
/** What a day with any answer has at the least, to be seen. */
const LOW = 2;

/** The tokens of each day as bars, and the same as a table for whoever reads it otherwise. */
export function ByDay({ days }: { days: Report["days"] }) {
  const t = useTranslations("settings.usage");
  const format = useFormatter();
  const id = useId();
  const bars = barsOf(days, new Date());
  const most = Math.max(1, ...bars.map(({ tokens }) => tokens));
  const named = (day: string) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), { day: "numeric", month: "short", timeZone: "UTC" });
  const highest = bars.find(({ tokens }) => tokens === most);
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return null;
  return (
    <figure className="flex flex-col gap-2">
      <p id={id} className="tabular text-small text-soft">
        {highest ? t("most", { day: named(highest.day), tokens: most }) : t("none")}
      </p>
      <svg
        viewBox={`0 0 ${bars.length * DAY} ${HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={id}
        className="h-24 w-full"
      >
        {bars.map(({ day, tokens }, at) => {
          const height = tokens === 0 ? 1 : Math.max(LOW, (tokens / most) * HIGH);
          return (
            <rect
              key={day}
              x={at * DAY + GAP / 2}
              y={HIGH - height}
              width={DAY - GAP}
              height={height}
              className={tokens === 0 ? "fill-line" : "fill-mocha"}
            >
              <title>{t("onDay", { day: named(day), tokens })}</title>
            </rect>
          );
        })}
      </svg>
      <div className="tabular flex justify-between text-soft text-tiny">
        <span>{named(first.day)}</span>
        <span>{named(last.day)}</span>
      </div>
      <details>
        <summary className="min-h-7 cursor-pointer text-mocha text-small pointer-coarse:min-h-11">
          {t("asTable")}
        </summary>
        <Table days={days} named={named} />
      </details>
    </figure>
  );
}

function Table({ days, named }: { days: Report["days"]; named(day: string): string }) {
  const t = useTranslations("settings.usage");
  const format = useFormatter();
  const money = useMoney();
  const priced = days.some((day) => day.cost_usd !== null);
  return (
    <table className="tabular mt-2 w-full text-small">
      <thead>
        <tr className="text-left text-soft">
          <th className="py-1 font-normal">{t("columns.day")}</th>
          <th className="py-1 text-right font-normal">{t("columns.answers")}</th>
          <th className="py-1 text-right font-normal">{t("columns.tokens")}</th>
          {priced && <th className="py-1 text-right font-normal">{t("columns.cost")}</th>}
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.day} className="border-line border-t">
            <th scope="row" className="py-1 text-left font-normal">
              {named(day.day)}
            </th>
            <td className="py-1 text-right">{format.number(day.answers)}</td>
            <td className="py-1 text-right">{format.number(tokensOf(day))}</td>
            {priced && (
              <td className="py-1 text-right">{day.cost_usd === null ? "–" : money(day.cost_usd)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
