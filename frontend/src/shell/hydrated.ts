import { startTransition, useEffect, useState } from "react";

/** False for the static page and its first pass in the browser, then true. What is drawn then is drawn piece by piece. */
export function useHydrated(): boolean {
  const [hydrated, set] = useState(false);
  useEffect(() => startTransition(() => set(true)), []);
  return hydrated;
}
