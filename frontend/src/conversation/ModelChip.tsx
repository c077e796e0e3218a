import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useModels } from "@/api/queries";
import { Chip, ChipButton } from "@/ui/Chip";
import { useChoices } from "./choices";

const ModelMenu = lazy(() => import("./ModelMenu").then((m) => ({ default: m.ModelMenu })));

/** Who answers. Where there is a choice, the menu of it is loaded when it is opened first. */
export function ModelChip() {
  const t = useTranslations("conversation");
  const { data } = useModels();
  const chosen = useChoices((state) => state.model);
  const [asked, ask] = useState(false);
  const models = data?.items ?? [];
  const model = models.find((each) => each.name === chosen) ?? models[0];
  if (model === undefined) return null;

  const words = (
    <span className="truncate">
      {model.label}
      {model.local && <span className="max-sm:hidden"> · {t("local")}</span>}
    </span>
  );
  if (models.length < 2) return <Chip className="max-w-44 md:max-w-64">{words}</Chip>;
  const closed = (
    <ChipButton
      aria-label={t("model", { name: model.label })}
      aria-haspopup="menu"
      className="max-w-44 md:max-w-64"
      onClick={() => ask(true)}
    >
      {words}
      <ChevronDown size={14} aria-hidden="true" className="shrink-0" />
    </ChipButton>
  );
  if (!asked) return closed;
  return (
    <Suspense fallback={closed}>
      <ModelMenu models={models} current={model} />
    </Suspense>
  );
}
