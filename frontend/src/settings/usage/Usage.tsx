import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { Trouble } from "@/memory/Trouble";
import { Skeleton } from "@/ui/Skeleton";
import { Card } from "../Parts";
import { Budgets } from "./Budgets";
import { ByDay } from "./ByDay";
import { ByModel } from "./ByModel";
import { DAYS } from "./report";
import { Sums } from "./Sums";

/** What answers have taken, and what is left. */
export function Usage() {
  const t = useTranslations("settings.usage");
  const { data, error, refetch } = useQuery({
    queryKey: ["usage"],
    queryFn: ({ signal }) => take(api.GET("/api/usage", { params: { query: { days: DAYS } }, signal })),
    // It grows with every answer, and nobody tells.
    staleTime: 0,
  });
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-80 rounded-card" />;
  return (
    <>
      <Sums today={data.today} month={data.month} />
      <Budgets budgets={data.budgets} />
      <Card title={t("byDay")} text={t("byDayText", { days: DAYS })}>
        {data.days.length > 0 ? <ByDay days={data.days} /> : <p className="text-soft">{t("none")}</p>}
      </Card>
      {data.models.length > 0 && (
        <Card title={t("byModel")} text={t("byModelText", { days: DAYS })}>
          <ByModel models={data.models} />
        </Card>
      )}
    </>
  );
}
