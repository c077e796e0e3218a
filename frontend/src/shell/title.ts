import { useEffect } from "react";

/** Name the page, for the tab and the history. */
export function useTitle(title: string | null | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Memocha` : "Memocha";
  }, [title]);
}
