import { afterEach, describe, expect, it } from "vitest";
import { memory } from "@/testing/samples";
import { byDay, dayKey, daysAgo, wideOf } from "./days";

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone ?? "";
  if (zone === undefined) delete process.env.TZ;
});

function at(id: string, created_at: string, more = {}) {
  return { ...memory(id, { created_at, ...more }), earlier: [] };
}

describe("byDay", () => {
  it.each([
    // The same two moments, an hour apart around midnight in Lisbon in winter.
    ["Europe/Lisbon", ["2026-11-22", "2026-11-21"]],
    ["Asia/Tokyo", ["2026-11-22"]],
    ["America/Los_Angeles", ["2026-11-21"]],
  ])("has the days of %s", (tz, days) => {
    process.env.TZ = tz;
    const grouped = byDay([at("after", "2026-11-22T00:30:00Z"), at("before", "2026-11-21T23:30:00Z")]);
    expect(grouped.map((day) => day.key)).toEqual(days);
    expect(grouped.flatMap((day) => day.items.map((item) => item.id))).toEqual(["after", "before"]);
  });

  it("puts a digest at the head of the day on which its last message was said", () => {
    process.env.TZ = "America/Los_Angeles";
    // A day in UTC whose talk was all in the evening before, in Los Angeles.
    const digest = at("digest", "2026-11-21T05:00:00Z", { kind: "digest", day: "2026-11-21" });
    const [day, ...others] = byDay([digest, at("said", "2026-11-21T04:00:00Z")]);
    expect(others).toEqual([]);
    expect(day?.key).toBe("2026-11-20");
    expect(day?.digests.map((each) => each.id)).toEqual(["digest"]);
    expect(day?.items.map((each) => each.id)).toEqual(["said"]);
  });

  it("keeps apart what Memocha said, and only that", () => {
    const said = "2026-11-22T13:00:00Z";
    const answer = { kind: "episode" as const, role: "assistant" as const };
    const days = byDay([
      at("answer", said, answer),
      at("question", said, { kind: "episode" }),
      // A person, in a chat that was taken in from elsewhere.
      at("ben", said, { ...answer, speaker: "Ben" }),
      at("fact", said, { role: "assistant" }),
    ]);
    expect(days[0]?.items.map((each) => each.id)).toEqual(["question", "ben", "fact"]);
    expect(days[0]?.sayings.map((each) => each.id)).toEqual(["answer"]);
  });

  it("keeps two digests that fall on one day elsewhere", () => {
    process.env.TZ = "Asia/Tokyo";
    const late = at("late", "2026-11-22T13:00:00Z", { kind: "digest", day: "2026-11-22" });
    const early = at("early", "2026-11-21T23:00:00Z", { kind: "digest", day: "2026-11-21" });
    expect(byDay([late, early]).map((day) => day.digests.length)).toEqual([2]);
  });
});

describe("daysAgo", () => {
  it("counts a day of 23 hours as one", () => {
    process.env.TZ = "Europe/Lisbon";
    expect(daysAgo(new Date(2026, 2, 28), new Date(2026, 2, 29, 23))).toBe(1);
    expect(daysAgo(new Date(2026, 2, 28), new Date(2026, 3, 4, 0, 5))).toBe(7);
  });

  it("names days by their own calendar", () => {
    process.env.TZ = "Asia/Tokyo";
    expect(dayKey(new Date("2026-12-31T15:00:00Z"))).toBe("2027-01-01");
  });
});

describe("wideOf", () => {
  const plain = at("plain", "2026-11-21T04:00:00Z");
  const changed = { ...plain, earlier: [{ id: "old", text: "You live in Porto.", valid_to: null }] };

  it("gives both columns to what changed, where that leaves no hole", () => {
    expect(wideOf([changed, plain, changed, changed])).toEqual([true, false, false, true]);
    expect(wideOf([plain])).toEqual([true]);
    expect(wideOf([plain, plain, plain])).toEqual([false, false, false]);
  });
});
