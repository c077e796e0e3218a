import { Suspense, useEffect } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { Sheet } from "@/ui/Sheet";
import { ErrorBoundary } from "./ErrorBoundary";
import { lazyPart } from "./lazy-part";
import { useMedia, VERY_WIDE, WIDE } from "./media";
import { followPanel, usePanel } from "./panel";
import { onNavigate, useRoute } from "./router";

const MemoryPanel = lazyPart(() => import("@/memory/MemoryPanel").then((m) => m.MemoryPanel), {
  texts: true,
});

/** Where the panel "What I remembered" stands: beside the conversation, over it where that is narrow, on phones a sheet. */
export function PanelSlot() {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  const { shown, close } = usePanel();
  const route = useRoute();
  const wide = useMedia(WIDE);
  const veryWide = useMedia(VERY_WIDE);
  const elsewhere = shown !== null && (route.name !== "chat" || route.sessionId !== shown.sessionId);

  useEffect(() => {
    const follow = () => followPanel(veryWide);
    follow();
    return onNavigate(follow);
  }, [veryWide]);
  useEffect(() => {
    if (shown === null || !veryWide) return;
    function pressed(event: KeyboardEvent): void {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]"))
        close();
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [shown, veryWide, close]);

  if (shown === null || elsewhere) return null;
  const panel = (
    <ErrorBoundary
      resetKey={shown.answerId}
      around={(words) => (
        <>
          <Button kind="quiet" size="small" className="m-2 self-end" onClick={close}>
            {common("close")}
          </Button>
          {words}
        </>
      )}
    >
      <Suspense>
        <MemoryPanel key={shown.answerId} {...shown} onClose={close} />
      </Suspense>
    </ErrorBoundary>
  );
  if (veryWide) {
    return (
      <aside
        aria-label={t("panel")}
        className="flex w-85 shrink-0 animate-slide-end flex-col overflow-y-auto border-line border-s bg-shelf"
      >
        {panel}
      </aside>
    );
  }
  return (
    <Sheet open onOpenChange={(is) => !is && close()} label={t("panel")} side={wide ? "end" : "bottom"}>
      {panel}
    </Sheet>
  );
}
