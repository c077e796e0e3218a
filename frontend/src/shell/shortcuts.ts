import { useEffect } from "react";
import { lastUndo } from "@/ui/Toast";
import { useLayers } from "./layers";
import { navigate } from "./router";

/** The id of the field that one writes in. */
export const COMPOSER = "composer";
/** The id of what the page is about. */
export const MAIN = "main";

/** Whether this is a Mac, whose keys have other names. */
export function onMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}

/** A key by the name that stands on it. */
export function keyName(key: string): string {
  if (key === "mod") return onMac() ? "⌘" : "Ctrl";
  return key === "Shift" && onMac() ? "⇧" : key;
}

/** Listen for the shortcuts that work everywhere. */
export function useShortcuts(toggleSidebar: () => void): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const act = action(event, toggleSidebar);
      if (act === null) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [toggleSidebar]);
}

function action(event: KeyboardEvent, toggleSidebar: () => void): (() => void) | null {
  const { show, close, open } = useLayers.getState();
  const key = event.key.toLowerCase();
  if ((event.metaKey || event.ctrlKey) && !event.altKey) {
    if (key === "k" && !event.shiftKey) return () => (open === "palette" ? close() : show("palette"));
    if (key === "o" && event.shiftKey) return () => navigate("/");
    if (key === "m" && event.shiftKey) return () => navigate("/memory");
    if (key === "," && !event.shiftKey) return () => navigate("/settings");
    if (key === "b" && !event.shiftKey) return toggleSidebar;
    // In a field it takes back what was written.
    if (key === "z" && !event.shiftKey && !writing(event.target)) return lastUndo();
    return null;
  }
  if (writing(event.target) || open !== null) return null;
  if (event.key === "?") return () => show("shortcuts");
  if (event.key === "/") return () => document.getElementById(COMPOSER)?.focus();
  return null;
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
