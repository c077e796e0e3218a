import { useSyncExternalStore } from "react";
import { THEME_KEY } from "./head-script";
import { read, write } from "./storage";

export type Theme = "system" | "light" | "dark";

const listeners = new Set<() => void>();

/** The theme that was chosen. */
export function currentTheme(): Theme {
  const kept = read(THEME_KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Choose a theme, from this moment on and for the next visit. */
export function setTheme(theme: Theme): void {
  write(THEME_KEY, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

/** The chosen theme, followed. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme, () => "system");
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
