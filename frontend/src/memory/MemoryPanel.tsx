import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { keys, useMe, useRetention } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { RecalledMemory } from "@/api/types";
import { useHidden } from "@/api/undo";
import type { History } from "@/conversation/history";
import { turnOf } from "@/conversation/turn";
import type { Shown } from "@/shell/panel";
import { IconButton } from "@/ui/IconButton";
import { Dialogs } from "./Dialogs";
import { PanelCard } from "./PanelCard";

/** "What I remembered": all the memories that one answer was given, and what else shaped it. */
export function MemoryPanel({
  sessionId,
  answerId,
  memories,
  focus,
  asking,
  onClose,
}: Shown & { onClose(): void }) {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const hidden = useHidden();
  const heading = useFocus(focus === null);
  const { data: retention } = useRetention();
  const { data: me } = useMe();
  const own = me !== undefined && `${me.about_me}${me.how_to_answer}`.trim() !== "";
  const total = retention?.usage.memories;
  const count = memories.length;
  const asked = ({ number }: RecalledMemory) => focus !== null && focus === number;
  return (
    <div className="flex flex-col gap-3 p-4">
      <header className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 ref={heading} tabIndex={-1} className="font-semibold text-ui outline-none">
            {t("panelTitle")}
          </h2>
          <p className="tabular text-small text-soft">
            {total !== undefined && total >= count
              ? t("panelTextOf", { count, total })
              : t("panelText", { count })}
          </p>
        </div>
        <IconButton
          label={common("close")}
          tipSide="bottom"
          tipAlign="end"
          className="-me-1.5 -mt-1.5"
          onClick={onClose}
        >
          <X size={18} />
        </IconButton>
      </header>
      {degraded(sessionId, answerId) && (
        <p className="rounded-row bg-crema px-3 py-2 text-crema-ink text-small">{t("degraded")}</p>
      )}
      <ol className="flex flex-col gap-2.5">
        {memories.map(
          (memory) =>
            !hidden.has(memory.id) && (
              <li key={memory.id}>
                {/* One that is asked for again is made anew, and glows again. */}
                <PanelCard key={asked(memory) ? asking : 0} given={memory} focused={asked(memory)} />
              </li>
            ),
        )}
      </ol>
      <p className="border-line border-t pt-3 text-small text-soft">{own ? t("elseOwn") : t("else")}</p>
      <Dialogs />
    </div>
  );
}

/** Focus comes to the panel when it opens, and goes back to where it was when it closes. */
function useFocus(heading: boolean) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (heading) ref.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [heading]);
  return ref;
}

/** Whether words alone were searched for this answer: of the one that runs, or as it is stored. */
function degraded(sessionId: string, answerId: string): boolean {
  const turn = turnOf(sessionId);
  if (turn?.answerId === answerId) return turn.degraded;
  const history = queryClient.getQueryData<History>(keys.messages(sessionId));
  return history?.items.find((message) => message.id === answerId)?.degraded ?? false;
}
