import { describe, expect, it } from "vitest";
import { roomLeft } from "./length";

describe("the room that is left in a message", () => {
  it.each([
    ["far from the limit nothing is said", "a".repeat(89), null],
    ["near it, how much", "a".repeat(90), 10],
    ["at it, none", "a".repeat(100), 0],
    ["beyond it, how many are too many", "a".repeat(103), -3],
    ["blanks around it are not sent", ` \n${"a".repeat(95)}\n `, 5],
    ["a character is one, whatever it takes: far", "🫖".repeat(60), null],
    ["a character is one, whatever it takes: near", "🫖".repeat(95), 5],
  ])("%s", (_, text, left) => {
    expect(roomLeft(text, 100)).toBe(left);
  });

  it("is not known before the service has told its limit", () => {
    expect(roomLeft("a".repeat(1_000_000), undefined)).toBeNull();
  });
});
