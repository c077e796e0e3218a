import { Brain } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem, useProblemText } from "@/api/problem";
import { noteSession, useMe } from "@/api/queries";
import type { Session } from "@/api/types";
import { navigate } from "@/shell/router";
import { ChipButton } from "@/ui/Chip";
import { toast } from "@/ui/Toast";

/** Whether this chat remembers and is given memories. */
export function MemoryToggle({ session }: { session: Session }) {
  const t = useTranslations("conversation");
  const words = useProblemText();
  const { data: me } = useMe();
  const [wanted, want] = useState<boolean | null>(null);
  const off = me?.memory_enabled === false;

  async function toggle(): Promise<void> {
    if (off) {
      navigate("/settings#memory");
      return;
    }
    const memory_enabled = !session.memory_enabled;
    want(memory_enabled);
    try {
      noteSession(
        await take(
          api.PATCH("/api/sessions/{session_id}", {
            params: { path: { session_id: session.id } },
            body: { memory_enabled },
          }),
        ),
      );
      toast({ text: memory_enabled ? t("memoryTurnedOn") : t("memoryTurnedOff") });
    } catch (error) {
      toast({ text: words(asProblem(error)), tone: "trouble" });
    } finally {
      want(null);
    }
  }
  return (
    <ChipButton aria-pressed={!off && (wanted ?? session.memory_enabled)} onClick={() => void toggle()}>
      <Brain size={14} aria-hidden="true" />
      {off ? t("memoryOffEverywhere") : t("memory")}
    </ChipButton>
  );
}
