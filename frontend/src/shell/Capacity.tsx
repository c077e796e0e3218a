import { useTranslations } from "use-intl";
import { useRetention } from "@/api/queries";
import { Meter } from "@/ui/Meter";
import { Link } from "./router";

/** How much is remembered, of how much where there is a limit. */
export function Capacity({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("shell");
  const { data } = useRetention();
  if (!data) return <div className="h-9" />;
  const count = data.usage.memories;
  const limit = data.policy.memories;
  const words = limit ? t("capacity", { count, limit }) : t("capacityOpen", { count });
  return (
    <Link
      to="/memory"
      onClick={onChosen}
      className="flex flex-col gap-1.5 rounded-row px-2.5 py-1.5 hover:bg-hover"
    >
      <span className="tabular text-soft text-tiny">{words}</span>
      {limit !== null && <Meter value={count / limit} label={words} />}
    </Link>
  );
}
