import { describe, expect, it } from "vitest";
import { byTime } from "./days";

const NOW = new Date(2026, 10, 22, 9, 30);
const at = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  updated_at: new Date(year, month, day, hour, minute).toISOString(),
});
const keysOf = (sessions: { updated_at: string }[], now = NOW) => byTime(sessions, now).map(({ key }) => key);

describe("byTime", () => {
  it.each([
    ["a minute ago", at(2026, 10, 22, 9, 29), "today"],
    ["just after midnight", at(2026, 10, 22, 0, 0), "today"],
    ["a clock that runs ahead", at(2026, 10, 23, 1, 0), "today"],
    ["just before midnight", at(2026, 10, 21, 23, 59), "yesterday"],
    ["two midnights ago", at(2026, 10, 20, 23, 59), "week"],
    ["seven days ago", at(2026, 10, 15, 0, 0), "week"],
    ["eight days ago, in this month", at(2026, 10, 14, 23, 59), "2026-11"],
    ["the month before", at(2026, 9, 31, 12, 0), "2026-10"],
    ["a year before", at(2025, 10, 22, 12, 0), "2025-11"],
  ])("%s", (_, session, key) => {
    expect(keysOf([session])).toEqual([key]);
  });

  it("keeps the order, and has each group once", () => {
    const sessions = [
      at(2026, 10, 22, 9),
      at(2026, 10, 22, 8),
      at(2026, 10, 21, 8),
      at(2026, 8, 2),
      at(2026, 8, 1),
    ];
    const groups = byTime(sessions, NOW);
    expect(groups.map(({ key, items }) => [key, items.length])).toEqual([
      ["today", 2],
      ["yesterday", 1],
      ["2026-09", 2],
    ]);
    expect(groups.flatMap(({ items }) => items)).toEqual(sessions);
  });

  it("counts midnights, not hours, where the clocks are changed", () => {
    // Whatever the zone of the machine: noon to noon over a change of clocks is 23 or 25 hours.
    for (let day = 0; day < 365; day += 1) {
      const now = new Date(2026, 0, 1 + day, 12);
      expect(keysOf([at(2026, 0, day, 12)], now)).toEqual(["yesterday"]);
    }
  });
});
