/** Sessions that were last talked in at about the same time. */
export interface Group<S> {
  /** `today`, `yesterday`, `week` (the seven days before it was yesterday), or a month: `2026-10`. */
  key: string;
  /** Some moment in it. */
  at: Date;
  items: S[];
}

/** Sessions by when they were last talked in, in the order in which they come (the last first). */
export function byTime<S extends { updated_at: string }>(
  sessions: readonly S[],
  now = new Date(),
): Group<S>[] {
  const groups: Group<S>[] = [];
  for (const session of sessions) {
    const at = new Date(session.updated_at);
    const key = keyOf(at, now);
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(session);
    else groups.push({ key, at, items: [session] });
  }
  return groups;
}

function keyOf(at: Date, now: Date): string {
  const ago = daysAgo(at, now);
  if (ago <= 0) return "today";
  if (ago === 1) return "yesterday";
  if (ago <= 7) return "week";
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}`;
}

/** How many midnights ago; rounded, since a day may have 23 or 25 hours. */
function daysAgo(at: Date, now: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}
