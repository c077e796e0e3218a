import { useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { choose, useChoices } from "@/conversation/choices";
import { Button } from "@/ui/Button";

/** Where the handle stands while nothing is chosen. */
const USUAL = 0.7;

/** How freely the model chooses its words. */
export function Temperature() {
  const t = useTranslations("settings.answers");
  const format = useFormatter();
  const id = useId();
  const chosen = useChoices((state) => state.temperature);
  const said = chosen === null ? t("usual") : format.number(chosen, { minimumFractionDigits: 1 });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex min-h-8 items-center justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {t("temperature")}
        </label>
        <span className="flex items-center gap-2">
          <output htmlFor={id} className="tabular text-small text-soft">
            {said}
          </output>
          {chosen !== null && (
            <Button kind="ghost" size="small" onClick={() => choose({ temperature: null })}>
              {t("reset")}
            </Button>
          )}
        </span>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={2}
        step={0.1}
        value={chosen ?? USUAL}
        aria-valuetext={said}
        aria-describedby={`${id}-text`}
        onChange={(event) => choose({ temperature: event.target.valueAsNumber })}
        className="h-6 w-full cursor-pointer accent-mocha"
      />
      <p id={`${id}-text`} className="flex justify-between gap-4 text-small text-soft">
        <span>{t("cool")}</span>
        <span className="text-end">{t("warm")}</span>
      </p>
    </div>
  );
}
