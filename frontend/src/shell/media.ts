import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds, followed. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** The widths at which the frame changes; the same as the breakpoints of globals.css. */
export const WIDE = "(min-width: 820px)";
export const VERY_WIDE = "(min-width: 1180px)";
export const COARSE = "(pointer: coarse)";
