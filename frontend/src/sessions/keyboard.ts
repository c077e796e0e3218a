/** Where arrows lead: the sessions, and the fold of those that were put away. */
export const STOPS = "[data-session], [data-stop]";

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
