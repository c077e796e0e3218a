import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import type { Message } from "@/api/types";
import { announce } from "@/shell/announce";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { refreshEnd, showBranch } from "./history";
import { versionsOf } from "./view";

/** ‹ 2/3 ›: the versions of a message, side by side. Nothing where there is but one. */
export function Branches({
  sessionId,
  message,
  disabled,
}: {
  sessionId: string;
  message: Message;
  disabled: boolean;
}) {
  const t = useTranslations("conversation");
  const words = useProblemText();
  const [going, setGoing] = useState(false);
  const versions = versionsOf(message);
  if (versions === null) return null;

  async function go(to: string | null, number: number): Promise<void> {
    if (to === null || versions === null || going) return;
    setGoing(true);
    try {
      await showBranch(sessionId, to);
      await refreshEnd(sessionId);
      announce(t("version", { number, count: versions.count }));
    } catch (error) {
      toast({ text: words(asProblem(error)), tone: "trouble" });
    } finally {
      setGoing(false);
    }
  }
  const { number, count, before, after } = versions;
  return (
    // While it goes there its buttons stay pressable: one that is not loses the focus.
    <div data-versions aria-busy={going} className="flex items-center text-small text-soft">
      <IconButton
        label={t("older")}
        size="small"
        tipAlign="end"
        disabled={disabled || !before}
        onClick={() => void go(before, number - 1)}
      >
        <ChevronLeft size={16} className="rtl:-scale-x-100" />
      </IconButton>
      <span className="tabular" aria-hidden="true">
        {number}/{count}
      </span>
      <span className="sr-only">{t("version", { number, count })}</span>
      <IconButton
        label={t("newer")}
        size="small"
        tipAlign="end"
        disabled={disabled || !after}
        onClick={() => void go(after, number + 1)}
      >
        <ChevronRight size={16} className="rtl:-scale-x-100" />
      </IconButton>
    </div>
  );
}
