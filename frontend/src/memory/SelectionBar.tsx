import { X } from "lucide-react";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/shell/announce";
import { allPaused, allPinned, useMemoryActions } from "./actions";
import { followMemories, readMemories } from "./data";
import { clearSelection, useSelection } from "./selection";

const PINNED = "pinned";
const PAUSED = "paused";

/** What can be done with all that is selected. Stands at the foot of the page while anything is. */
export function SelectionBar() {
  const t = useTranslations("memory");
  const actions = useMemoryActions();
  const ids = useSelection((state) => state.ids);
  const count = ids.size;
  const marks = useMarks(ids);

  function pin(): void {
    actions.pin(readMemories(ids));
  }
  function pause(): void {
    actions.pause(readMemories(ids));
  }
  function forget(): void {
    actions.forget([...ids]);
    clearSelection();
  }

  useEffect(() => {
    if (count > 0) announce(t("selected", { count }));
  }, [count, t]);
  useEffect(() => clearSelection, []);
  useEffect(() => {
    if (count === 0) return;
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || elsewhere(event.target))
        return;
      const act = { Escape: clearSelection, p: pin, Delete: forget, Backspace: forget }[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  if (count === 0) return null;
  return (
    <div className="pointer-events-none sticky bottom-0 z-30 flex justify-center p-4 pb-[max(1rem,env(safe-area-inset-bottom))]">
      <div
        role="toolbar"
        aria-label={t("selection")}
        className="pointer-events-auto flex min-h-11 max-w-full animate-rise flex-wrap items-center justify-center gap-0.5 rounded-card bg-roast py-1.5 ps-4 pe-1.5 text-on-roast shadow-float"
      >
        <strong className="tabular me-2 font-semibold">{t("selected", { count })}</strong>
        <Action onClick={pin}>{marks.includes(PINNED) ? t("unpin") : t("pin")}</Action>
        <Action onClick={pause}>{marks.includes(PAUSED) ? t("resume") : t("pause")}</Action>
        <Action onClick={forget}>{t("forget")}</Action>
        <Action onClick={clearSelection} label={t("selectNone")} faint>
          <X size={16} aria-hidden="true" />
        </Action>
      </div>
    </div>
  );
}

interface ActionProps {
  onClick(): void;
  label?: string;
  faint?: boolean;
  children: ReactNode;
}

function Action({ onClick, label, faint = false, children }: ActionProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className={`min-h-8 rounded-row px-2.5 hover:bg-on-roast/10 focus-visible:outline-on-roast pointer-coarse:min-h-10 ${faint ? "text-on-roast/70" : ""}`}
    >
      {children}
    </button>
  );
}

/** What holds of all that is selected, followed as it changes: `PINNED`, `PAUSED`. */
function useMarks(ids: ReadonlySet<string>): string {
  return useSyncExternalStore(followMemories, () => {
    if (ids.size === 0) return "";
    const selected = readMemories(ids);
    return `${allPinned(selected) ? PINNED : ""} ${allPaused(selected) ? PAUSED : ""}`;
  });
}

function elsewhere(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open], [role=menu]")) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
