import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { ModelChoice } from "@/api/types";
import { ChipButton } from "@/ui/Chip";
import { Menu, MenuChoice } from "@/ui/Menu";
import { choose } from "./choices";

/** The models that may be chosen, with what they hold and cost. */
export function ModelMenu({ models, current }: { models: ModelChoice[]; current: ModelChoice }) {
  const t = useTranslations("conversation");
  const describe = useModelWords();
  const [open, setOpen] = useState(true);
  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      trigger={
        <ChipButton aria-label={t("model", { name: current.label })} className="max-w-44 md:max-w-64">
          <span className="truncate">{current.label}</span>
          <ChevronDown size={14} aria-hidden="true" className="shrink-0" />
        </ChipButton>
      }
    >
      <MenuChoice
        value={current.name}
        options={models.map((model) => ({ value: model.name, label: model.label, hint: describe(model) }))}
        onChange={(name) =>
          choose({ model: models.find((model) => model.name === name)?.default ? null : name })
        }
      />
    </Menu>
  );
}

/** What a model holds and costs, in a line. */
export function useModelWords(): (model: ModelChoice) => string {
  const t = useTranslations("conversation");
  const format = useFormatter();
  return (model) => {
    const parts = [t("context", { tokens: format.number(model.context_tokens, { notation: "compact" }) })];
    if (model.local) parts.push(t("local"));
    const { input_price: read, output_price: written } = model;
    if (typeof read === "number" && typeof written === "number") {
      const usd = (price: number) => format.number(price, { style: "currency", currency: "USD" });
      parts.push(t("price", { read: usd(read), written: usd(written) }));
    }
    return parts.join(" · ");
  };
}
