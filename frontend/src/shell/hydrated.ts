import { startTransition, useEffect, useState } from "react";
import { parseRoute } from "./router";

/** False for the static page and its first pass in the browser, then true. A conversation is drawn piece by piece then. */
export function useHydrated(): boolean {
  const [hydrated, set] = useState(false);
  useEffect(() => {
    const { name } = parseRoute(window.location);
    // Not a room that brings texts of its own: those might come between two pieces, the later of which would miss them.
    if (name === "new" || name === "chat") startTransition(() => set(true));
    else set(true);
  }, []);
  return hydrated;
}
