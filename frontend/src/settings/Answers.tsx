import { ChevronRight } from "lucide-react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { useModels } from "@/api/queries";
import { choose, useChoices } from "@/conversation/choices";
import { useModelWords } from "@/conversation/ModelMenu";
import { Choice } from "@/memory/Choice";
import { Skeleton } from "@/ui/Skeleton";
import { LongestAnswer } from "./LongestAnswer";
import { Card } from "./Parts";
import { Temperature } from "./Temperature";

/** Who answers, and how. Kept in this browser, and sent with each message. */
export function Answers() {
  const t = useTranslations("settings.answers");
  const textOf = useProblemText();
  const describe = useModelWords();
  const { data, error } = useModels();
  const chosen = useChoices((state) => state.model);
  const models = data?.items ?? [];
  const model = models.find((each) => each.name === chosen) ?? models[0];
  return (
    <>
      <Card title={t("model")} text={t("modelText")}>
        {!data && !error && <Skeleton className="h-16 rounded-card" />}
        {!data && error && <p className="text-clay text-small">{textOf(asProblem(error))}</p>}
        <fieldset className="flex flex-col gap-2 empty:hidden">
          <legend className="sr-only">{t("model")}</legend>
          {models.map((each) => (
            <Choice
              key={each.name}
              name="model"
              checked={each === model}
              title={each.label}
              text={describe(each)}
              onChosen={() => choose({ model: each.default ? null : each.name })}
            />
          ))}
        </fieldset>
        {models.length === 1 && <p className="text-small text-soft">{t("modelOne")}</p>}
      </Card>
      <details className="group rounded-card border border-line bg-card">
        <summary className="flex min-h-12 list-none items-center gap-2 rounded-card px-4 font-semibold md:px-5 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            size={16}
            aria-hidden="true"
            className="text-soft transition-transform duration-150 group-open:rotate-90 rtl:-scale-x-100"
          />
          {t("advanced")}
        </summary>
        <div className="flex flex-col gap-6 px-4 pt-1 pb-5 md:px-5">
          <Temperature />
          <LongestAnswer most={model?.max_tokens ?? null} />
          <p className="text-small text-soft">{t("note")}</p>
        </div>
      </details>
    </>
  );
}
