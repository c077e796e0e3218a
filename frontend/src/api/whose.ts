import { loadPage } from "@/shell/load";
import { read, write } from "@/shell/storage";

const USER = "memocha:user";
/** What is this browser's, whoever is at it. */
const ANYBODYS = ["theme", "text", "sidebar", "language", "accounts"].map((name) => `memocha:${name}`);

/** Whose data the service answers with. Where that is another's than before, what those left here goes: true. */
export function noteUser(id: string): boolean {
  const before = read(USER);
  if (before === id) return false;
  if (before === null) write(USER, id);
  else beginAnew(id);
  return before !== null;
}

/** Whether this page shows that user's data still: in another tab somebody else may have signed in. */
export function isStill(id: string): boolean {
  return (read(USER) ?? id) === id;
}

/** Drop all that this browser has of the person who was at it, and load the page as for the first time. */
export function beginAnew(id: string | null): void {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("memocha:") && !ANYBODYS.includes(name)) localStorage.removeItem(name);
    }
  } catch {
    // Nothing was kept; see storage.ts.
  }
  write(USER, id);
  // Not just another address of the client: whatever is in memory goes as well.
  loadPage("/");
}

if (typeof window !== "undefined") {
  window.addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (key === USER && oldValue !== null && oldValue !== newValue) loadPage("/");
  });
}
