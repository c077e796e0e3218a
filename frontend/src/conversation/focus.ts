import { useEffect, useLayoutEffect, useRef } from "react";
import type { Row } from "./view";

/** A button by its row and its name. */
interface Held {
  row: string;
  label: string;
}

/**
 * Keeps the focus where it is when its row gives place to another version of it: the same button there has it next, and
 * while an answer is on its way, its row. Without that it falls out of the page, and one goes on from the top.
 */
export function useKeptFocus(rows: readonly Row[], busy: boolean): void {
  const held = useRef<Held | null>(null);
  const ours = useRef(false);

  useEffect(() => {
    function note({ target }: Event): void {
      if (ours.current) return;
      const button = target instanceof Element ? target.closest("button[aria-label]") : null;
      const row = button?.closest<HTMLElement>("[data-row]")?.dataset.row;
      const label = button?.getAttribute("aria-label");
      held.current = row && label ? { row, label } : null;
    }
    // Pressing on nothing moves the focus away on purpose.
    document.addEventListener("pointerdown", note);
    document.addEventListener("focusin", note);
    return () => {
      document.removeEventListener("pointerdown", note);
      document.removeEventListener("focusin", note);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what may be pressed changes with it.
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (held.current === null) return;
    if (active !== null && active !== document.body && !active.matches("[data-row]")) return;
    const next = heirOf(held.current, rows);
    if (next === null || next === active) return;
    ours.current = true;
    next.focus({ preventScroll: true });
    ours.current = false;
    const row = next.closest<HTMLElement>("[data-row]")?.dataset.row;
    const label = next.getAttribute("aria-label");
    if (row && label) held.current = { row, label };
  }, [rows, busy]);
}

/** What has the focus next: the same button of the row that stands there now, or that row while it has none. */
function heirOf({ row: id, label }: Held, rows: readonly Row[]): HTMLElement | null {
  const heir = rows.find((row) => row.key === id || ("message" in row && row.message.siblings.includes(id)));
  const coming = rows.at(-1);
  if (heir === undefined)
    return coming?.kind === "coming" || coming?.kind === "failed" ? rowOf(coming) : null;
  const row = rowOf(heir);
  const buttons = [...(row?.querySelectorAll<HTMLButtonElement>("button[aria-label]") ?? [])];
  const same = buttons.find((button) => button.getAttribute("aria-label") === label);
  if (same === undefined || !same.disabled) return same ?? row;
  // The last version has none after it; the button beside it leads back.
  const beside = same.closest("[data-versions]")?.querySelector<HTMLButtonElement>("button:not(:disabled)");
  return beside ?? row;
}

function rowOf({ key }: Row): HTMLElement | null {
  return document.getElementById(`m-${key}`);
}
