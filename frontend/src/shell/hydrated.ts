import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False for the static page and its first pass in the browser, then true. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
