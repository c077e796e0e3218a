import { useId } from "react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { useMe } from "@/api/queries";
import { LANGUAGES, type Language, setLanguage, useChosenLanguage, useLanguage } from "@/i18n";
import { FIELD } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { changeMe } from "./me";
import { Options } from "./Options";
import { Card } from "./Parts";

/** Languages that answers may be asked for in; whatever else was set is listed beside them. */
const SPOKEN = "en zh es fr de pt it nl pl cs sv da nb fi tr ru uk el ar he fa hi bn id vi th ja ko".split(
  " ",
);

type Chosen = Language | "system";

/** The language of the client, and that of answers. */
export function LanguageSettings() {
  const t = useTranslations("settings.language");
  const chosen = useChosenLanguage();
  const options = [
    { value: "system" as Chosen, label: t("system") },
    ...Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Chosen, label, lang: value })),
  ];
  return (
    <>
      <Card title={t("client")} text={t("clientText")}>
        <Options
          label={t("client")}
          value={chosen ?? "system"}
          options={options}
          onChange={(value) => setLanguage(value === "system" ? null : value)}
        />
      </Card>
      <AnswerLanguage />
    </>
  );
}

function AnswerLanguage() {
  const t = useTranslations("settings.language");
  const textOf = useProblemText();
  const id = useId();
  const shown = useLanguage();
  const { data: me } = useMe();
  const current = me?.language ?? "";
  const tags = current === "" || SPOKEN.includes(current) ? SPOKEN : [current, ...SPOKEN];
  const names = new Intl.DisplayNames([shown], { type: "language", fallback: "code" });

  async function change(language: string | null): Promise<void> {
    try {
      await changeMe({ language });
    } catch (error) {
      toast({ text: `${t("notChanged")} ${textOf(asProblem(error))}`, tone: "trouble" });
    }
  }
  return (
    <Card title={t("answers")} text={t("answersText")}>
      <label htmlFor={id} className="sr-only">
        {t("answers")}
      </label>
      <select
        id={id}
        className={`${FIELD} max-w-72`}
        disabled={me === undefined}
        value={current}
        onChange={(event) => void change(event.target.value || null)}
      >
        <option value="">{t("asAsked")}</option>
        {tags.map((tag) => (
          <option key={tag} value={tag}>
            {names.of(tag)}
          </option>
        ))}
      </select>
    </Card>
  );
}
