import { type RefObject, useLayoutEffect, useRef } from "react";
import { STOPS } from "./keyboard";

/** Give the focus to a session that is in the list again, unless one has gone elsewhere meanwhile. */
export function returnTo(id: string): void {
  setTimeout(() => {
    if (isLost() || document.activeElement?.matches(STOPS)) focusRow(id);
  });
}

/** Give the focus to a session whose field for its title goes, unless one has gone elsewhere. */
export function stayWith(id: string): void {
  setTimeout(() => isLost() && focusRow(id));
}

/**
 * Where a row goes that has the focus, the one that takes its place has it next: the session after it, else the one
 * before, else the fold below. `going`: it will go by what one does in its menu, which has the focus until then.
 */
export function useHeir(row: RefObject<HTMLElement | null>): { going(): void } {
  const goes = useRef(false);
  useLayoutEffect(() => {
    const item = row.current;
    return () => {
      const own = item?.querySelector<HTMLElement>(STOPS)?.dataset.session;
      if (own === undefined || (!goes.current && !item?.contains(document.activeElement))) return;
      const ids = [...document.querySelectorAll<HTMLElement>("[data-session]")].map(
        (each) => each.dataset.session,
      );
      const at = ids.indexOf(own);
      // One that only moved to another day is there again.
      const heirs = [goes.current ? undefined : own, ids[at + 1], ids[at - 1]];
      queueMicrotask(() => isLost() && focusFirst(heirs));
    };
  }, [row]);
  return {
    going: () => {
      goes.current = true;
    },
  };
}

function focusFirst(ids: (string | undefined)[]): void {
  const heir = ids.map((id) => id && rowOf(id)).find(Boolean);
  (heir || document.querySelector<HTMLElement>("[data-stop]"))?.focus();
}

function focusRow(id: string): void {
  rowOf(id)?.focus();
}

function rowOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-session="${CSS.escape(id)}"]`);
}

/** Whatever had the focus is gone. */
function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
