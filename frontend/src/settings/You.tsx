import { useTranslations } from "use-intl";
import { useMe } from "@/api/queries";
import { Skeleton } from "@/ui/Skeleton";
import { changeMe, changeMeLeaving, type MeChange } from "./me";
import { Card } from "./Parts";
import { SavedArea } from "./SavedArea";

/** The most that the service takes, characters. */
const LONGEST = 2_000;

/** What every answer is told of you. */
export function You() {
  const t = useTranslations("settings.you");
  const { data: me } = useMe();
  if (!me) return <Skeleton className="h-80 rounded-card" />;
  const area = (name: "about_me" | "how_to_answer") => ({
    value: me[name],
    longest: LONGEST,
    save: (text: string) => changeMe({ [name]: text } satisfies MeChange),
    saveLeaving: (text: string) => changeMeLeaving({ [name]: text } satisfies MeChange),
  });
  return (
    <Card>
      <SavedArea label={t("about")} placeholder={t("aboutExample")} {...area("about_me")} />
      <SavedArea label={t("how")} placeholder={t("howExample")} {...area("how_to_answer")} />
      <p className="text-small text-soft">{t("note")}</p>
    </Card>
  );
}
