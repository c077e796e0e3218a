import type { ListedMemory } from "@/api/types";

/** What is remembered of one day of whoever looks. */
export interface Day {
  /** `2026-11-22` */
  key: string;
  /** Its midnight. */
  at: Date;
  /** What it was about. Digests are of days in UTC, so a day elsewhere may have two, or its neighbour's. */
  digests: ListedMemory[];
  items: ListedMemory[];
  /** What Memocha said, where it is kept apart. */
  sayings: ListedMemory[];
}

/** A day's key, in the time zone of whoever looks. */
export function dayKey(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * Memories by day, in the order in which they come. A digest stands where the last message of its day does. `apart`:
 * what Memocha said stands by itself, since it is as many moments again as what one said oneself.
 */
export function byDay(memories: readonly ListedMemory[], apart = true): Day[] {
  const days = new Map<string, Day>();
  for (const memory of memories) {
    const said = new Date(memory.created_at);
    const key = dayKey(said);
    let day = days.get(key);
    if (day === undefined) {
      day = {
        key,
        at: new Date(said.getFullYear(), said.getMonth(), said.getDate()),
        digests: [],
        items: [],
        sayings: [],
      };
      days.set(key, day);
    }
    if (memory.kind === "digest") day.digests.push(memory);
    else if (apart && saidByMemocha(memory)) day.sayings.push(memory);
    else day.items.push(memory);
  }
  return [...days.values()];
}

/** Whether it is a moment of Memocha's, and nobody's by name. */
function saidByMemocha({ kind, role, speaker }: ListedMemory): boolean {
  return kind === "episode" && role === "assistant" && speaker === null;
}

/** How many days before today a day is; negative: after. Days of 23 and 25 hours count as one. */
export function daysAgo(at: Date, now = new Date()): number {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((today.getTime() - at.getTime()) / 86_400_000);
}

/** Which of a day's cards take both columns: the only one, and those that show what they were before, where that leaves
 *  no hole. */
export function wideOf(items: readonly ListedMemory[]): boolean[] {
  if (items.length === 1) return [true];
  let column = 0;
  return items.map((item) => {
    const wide = column === 0 && item.earlier.length > 0;
    if (!wide) column = 1 - column;
    return wide;
  });
}
