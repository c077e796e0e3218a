import { Check, Circle } from "lucide-react";
import { useTranslations } from "use-intl";
import { useModels } from "@/api/queries";
import { choose, useChoices } from "@/conversation/choices";
import { useModelWords } from "@/conversation/ModelMenu";
import { LANGUAGES, type Language, setLanguage, useChosenLanguage } from "@/i18n";
import { setTheme, type Theme, useTheme } from "@/shell/theme";
import { fits, type Page } from "./commands";
import { Group, Item } from "./Item";

interface Option {
  value: string;
  label: string;
  hint?: string;
  chosen: boolean;
  choose(): void;
}

interface ChoicePageProps {
  page: Page;
  words: string;
  onDone(): void;
}

/** One of several: a theme, a language, a model. */
export function ChoicePage({ page, words, onDone }: ChoicePageProps) {
  const t = useTranslations("palette");
  const options: Record<Page, Option[]> = {
    theme: useThemes(),
    language: useLanguages(),
    model: useModelOptions(),
  };
  const fitting = options[page].filter(({ label }) => fits(words, label));
  return (
    <Group heading={t(`pages.${page}`)}>
      {fitting.map((option) => (
        <Item
          key={option.value}
          value={`option ${option.value}`}
          icon={
            option.chosen ? (
              <Check size={16} className="text-mocha" aria-label={t("chosen")} />
            ) : (
              <Circle size={16} className="opacity-0" aria-hidden="true" />
            )
          }
          end={option.hint}
          onSelect={() => {
            option.choose();
            onDone();
          }}
        >
          {option.label}
        </Item>
      ))}
      {fitting.length === 0 && <p className="px-2.5 py-2 text-small text-soft">{t("noneFits")}</p>}
    </Group>
  );
}

function useThemes(): Option[] {
  const t = useTranslations("settings.look");
  const theme = useTheme();
  return (["system", "light", "dark"] satisfies Theme[]).map((value) => ({
    value,
    label: t(value),
    chosen: value === theme,
    choose: () => setTheme(value),
  }));
}

function useLanguages(): Option[] {
  const t = useTranslations("settings.language");
  const chosen = useChosenLanguage();
  const system = {
    value: "system",
    label: t("system"),
    chosen: chosen === null,
    choose: () => setLanguage(null),
  };
  const named = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
    value,
    label: LANGUAGES[value],
    chosen: value === chosen,
    choose: () => setLanguage(value),
  }));
  return [system, ...named];
}

function useModelOptions(): Option[] {
  const describe = useModelWords();
  const chosen = useChoices((state) => state.model);
  const { data } = useModels();
  const models = data?.items ?? [];
  const current = models.find((model) => model.name === chosen) ?? models[0];
  return models.map((model) => ({
    value: model.name,
    label: model.label,
    hint: describe(model),
    chosen: model === current,
    choose: () => choose({ model: model.default ? null : model.name }),
  }));
}
