import { ChevronDown } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useModels } from "@/api/queries";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { lazyPart } from "@/shell/lazy-part";
import { Chip, ChipButton } from "@/ui/Chip";
import { toast } from "@/ui/Toast";
import { useChoices } from "./choices";

const ModelMenu = lazyPart(() => import("./ModelMenu").then((m) => m.ModelMenu));

/** Who answers. Where there is a choice, the menu of it is loaded when it is opened first. */
export function ModelChip() {
  const t = useTranslations("conversation");
  const shell = useTranslations("shell");
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
  function unloaded(): void {
    ask(false);
    toast({ text: shell("unloaded"), tone: "trouble" });
  }
  return (
    <ErrorBoundary onFailed={unloaded}>
      <Suspense fallback={closed}>
        <ModelMenu models={models} current={model} />
      </Suspense>
    </ErrorBoundary>
  );
}
