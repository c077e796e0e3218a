import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "use-intl";
import { setTheme, useTheme } from "@/shell/theme";
import { Options } from "./Options";
import { Card } from "./Parts";
import { setTextSize, TEXT_SIZES, useTextSize } from "./text-size";

const THEMES = [
  { value: "system", icon: <Monitor size={16} aria-hidden="true" /> },
  { value: "light", icon: <Sun size={16} aria-hidden="true" /> },
  { value: "dark", icon: <Moon size={16} aria-hidden="true" /> },
] as const;

/** Light or dark, and how large. */
export function Look() {
  const t = useTranslations("settings.look");
  const theme = useTheme();
  const size = useTextSize();
  return (
    <>
      <Card title={t("theme")}>
        <Options
          label={t("theme")}
          value={theme}
          options={THEMES.map((each) => ({ ...each, label: t(each.value) }))}
          onChange={setTheme}
        />
      </Card>
      <Card title={t("size")}>
        <Options
          label={t("size")}
          value={size}
          options={TEXT_SIZES.map((value) => ({ value, label: t(value) }))}
          onChange={setTextSize}
        />
        <p className="rounded-card border border-line bg-paper p-3.5 text-answer">{t("sample")}</p>
      </Card>
      <p className="text-small text-soft">{t("motion")}</p>
    </>
  );
}
