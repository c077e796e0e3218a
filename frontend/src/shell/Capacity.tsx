import { useTranslations } from "use-intl";
import { useUserEvent } from "@/api/events";
import { keys, useMe, useRetention } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { Meter } from "@/ui/Meter";
import { Link } from "./router";

/** How much is remembered, of how much where there is a limit. */
export function Capacity({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("shell");
  const { data } = useRetention();
  const { data: me } = useMe();
  useGrowing();
  if (!data) return <div className="h-9" />;
  // What was just said is as good as remembered: "none yet" would be wrong of it.
  const count = data.usage.memories + data.usage.coming;
  const limit = data.policy.memories;
  const words = limit ? t("capacity", { count, limit }) : t("capacityOpen", { count });
  return (
    <Link
      to="/memory"
      onClick={onChosen}
      className="flex flex-col gap-1.5 rounded-row px-2.5 py-1.5 hover:bg-hover"
    >
      <span className="tabular flex justify-between gap-2 text-soft text-tiny">
        {words}
        {me?.memory_enabled === false && <span className="text-faint">{t("capacityOff")}</span>}
      </span>
      {limit !== null && <Meter value={count / limit} label={words} />}
    </Link>
  );
}

/** With every answer there is more, which nobody tells. */
function useGrowing(): void {
  useUserEvent("session", readAgain);
}

function readAgain(): void {
  void queryClient.invalidateQueries({ queryKey: keys.retention });
}
