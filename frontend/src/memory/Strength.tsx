import { useFormatter, useTranslations } from "use-intl";
import { Meter } from "@/ui/Meter";
import { strengthOf } from "./scale";

/** How sure memory is that this bears on what was asked. `score`: 0 to 1. */
export function Strength({ score }: { score: number | null }) {
  const t = useTranslations("memory");
  const format = useFormatter();
  if (score === null) return null;
  const strength = strengthOf(score);
  const label = t("strength", { share: format.number(strength, { style: "percent" }) });
  return (
    <span title={label} className="inline-flex w-11 shrink-0 items-center">
      <Meter value={strength} label={label} />
    </span>
  );
}
