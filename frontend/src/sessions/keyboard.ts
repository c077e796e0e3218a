/** Where arrows lead: the sessions, and the fold of those that were put away. */
const STOPS = "[data-session], [data-stop]";

/** Where an arrow leads from a session in the list; null: nowhere, or it is another key. */
export function rowBeside(list: HTMLElement, row: EventTarget, key: string): HTMLElement | null {
  const rows = [...list.querySelectorAll<HTMLElement>(STOPS)];
  const at = rows.indexOf(row as HTMLElement);
  if (at < 0) return null;
  switch (key) {
    case "ArrowDown":
      return rows[at + 1] ?? null;
    case "ArrowUp":
      return rows[at - 1] ?? null;
    case "Home":
      return rows[0] ?? null;
    case "End":
      return rows.at(-1) ?? null;
    default:
      return null;
  }
}

/** Give the focus to the session that takes the place of this one in the list, which is about to go. */
export function focusHeir(row: HTMLElement): void {
  const rows = [...document.querySelectorAll<HTMLElement>(STOPS)];
  const at = rows.indexOf(row);
  (rows[at + 1] ?? rows[at - 1])?.focus();
}

/** Give the focus to a session in the list, where it is there. */
export function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-session="${CSS.escape(id)}"]`)?.focus();
}
