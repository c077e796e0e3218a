import { useTranslations } from "use-intl";
import { Header } from "@/shell/Header";
import { useTitle } from "@/shell/title";

/** What can be set. */
export function SettingsPage() {
  const t = useTranslations("settings");
  useTitle(t("title"));
  return <Header title={t("title")} />;
}
