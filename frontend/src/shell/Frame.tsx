import { type ReactNode, Suspense, useCallback, useEffect } from "react";
import { useTranslations } from "use-intl";
import { useCredential } from "@/api/credential";
import { useUserEvents } from "@/api/events";
import { Dialog } from "@/ui/Dialog";
import { Sheet } from "@/ui/Sheet";
import { Toasts } from "@/ui/Toast";
import { LiveRegion } from "./announce";
import { Banner } from "./Banner";
import { ErrorBoundary } from "./ErrorBoundary";
import { useLayers } from "./layers";
import { fetchAhead, lazyPart } from "./lazy-part";
import { useMedia, WIDE } from "./media";
import { PanelSlot } from "./PanelSlot";
import { Rooms } from "./Rooms";
import { useRoute } from "./router";
import { Sidebar } from "./Sidebar";
import { COMPOSER, MAIN, useShortcuts } from "./shortcuts";
import { useSidebar } from "./sidebar-state";

const CommandPalette = lazyPart(() => import("./palette/CommandPalette").then((m) => m.CommandPalette), {
  texts: true,
});
const ShortcutSheet = lazyPart(() => import("./ShortcutSheet").then((m) => m.ShortcutSheet), { texts: true });
const KeyGate = lazyPart(() => import("./KeyGate").then((m) => m.KeyGate));

/** What stands around every room: the sidebar (a drawer on phones), banners, the panel, and what lies over the page. */
export function Frame() {
  const t = useTranslations("shell");
  const wide = useMedia(WIDE);
  const { open, close } = useLayers();
  const sidebar = useSidebar();
  const route = useRoute();
  const wanted = useCredential((state) => state.wanted);
  const target = route.name === "new" || route.name === "chat" ? COMPOSER : MAIN;
  useUserEvents();
  useEffect(fetchAhead, []);
  useShortcuts(
    useCallback(() => {
      if (window.matchMedia(WIDE).matches) useSidebar.getState().toggle();
      else useLayers.getState().show("drawer");
    }, []),
  );

  return (
    <div className="flex h-dvh">
      <a
        href={`#${target}`}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(target)?.focus();
        }}
        className="sr-only z-60 rounded-row bg-roast px-4 py-2 text-on-roast focus:not-sr-only focus:absolute focus:start-3 focus:top-3"
      >
        {t(target === MAIN ? "skipMain" : "skip")}
      </a>
      {wide && sidebar.open && (
        <nav
          aria-label={t("navigation")}
          className="flex w-66 shrink-0 flex-col border-line border-e bg-shelf"
        >
          <Sidebar />
        </nav>
      )}
      <main id={MAIN} tabIndex={-1} className="flex min-w-0 flex-1 flex-col">
        <Banner />
        <Rooms />
      </main>
      <PanelSlot />

      {!wide && (
        <Sheet
          open={open === "drawer"}
          onOpenChange={(is) => !is && close()}
          label={t("navigation")}
          side="start"
        >
          <Sidebar onChosen={close} />
        </Sheet>
      )}
      {open === "palette" && (
        <Over title={t("search")} onClose={close}>
          <CommandPalette open onOpenChange={(is) => !is && close()} />
        </Over>
      )}
      {open === "shortcuts" && (
        <Over title={t("shortcutsTitle")} onClose={close}>
          <ShortcutSheet open onOpenChange={(is) => !is && close()} />
        </Over>
      )}
      {wanted === "key" && (
        <Over title={t("keyTitle")} onClose={() => useCredential.setState({ wanted: null })}>
          <KeyGate />
        </Over>
      )}
      <Toasts raised={route.name === "new" || route.name === "chat"} />
      <LiveRegion />
    </div>
  );
}

/** Something that lies over the page. What is wrong with it lies there too. */
function Over({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const failed = (words: ReactNode) => (
    <Dialog open onOpenChange={onClose} title={title}>
      {words}
    </Dialog>
  );
  return (
    <ErrorBoundary around={failed}>
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  );
}
