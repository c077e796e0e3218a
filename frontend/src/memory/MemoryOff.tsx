import { useMutation } from "@tanstack/react-query";
import { Brain, PauseCircle } from "lucide-react";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem, useProblemText } from "@/api/problem";
import { keys, useMe } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { Switch } from "@/ui/Switch";
import { toast } from "@/ui/Toast";

/** Says that nothing is remembered now, where that was chosen, and turns it on again. */
export function MemoryOff() {
  const t = useTranslations("memory");
  const textOf = useProblemText();
  const id = useId();
  const { data: me } = useMe();
  const change = useMutation({
    mutationFn: (memory_enabled: boolean) => take(api.PATCH("/api/me", { body: { memory_enabled } })),
    onSuccess: (changed) => queryClient.setQueryData(keys.me, changed),
    onError: (error) => toast({ text: textOf(asProblem(error)), tone: "trouble" }),
  });
  // The notice stays where it was turned on again, so that it can be turned off: the switch does not vanish under the hand.
  const shown = me !== undefined && (!me.memory_enabled || change.isSuccess);
  if (!shown) return null;
  const Icon = me.memory_enabled ? Brain : PauseCircle;
  return (
    <div className="flex animate-fade-in items-center gap-3 rounded-card border border-edge border-dashed px-4 py-3">
      <Icon size={18} className="shrink-0 text-soft" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p id={id} className="font-semibold">
          {me.memory_enabled ? t("onTitle") : t("offTitle")}
        </p>
        <p id={`${id}-text`} className="text-small text-soft">
          {me.memory_enabled ? t("onText") : t("offText")}
        </p>
      </div>
      <Switch
        checked={me.memory_enabled}
        label={t("switchLabel")}
        describedBy={`${id}-text`}
        disabled={change.isPending}
        onChange={(on) => change.mutate(on)}
      />
    </div>
  );
}
