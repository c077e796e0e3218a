import { describe, expect, it } from "vitest";
import type { RecalledMemory } from "@/api/types";
import { strengths } from "@/conversation/Strengths";
import { strengthOf } from "./scale";

const scored = (...scores: (number | null)[]) => scores.map((score) => ({ score }) as RecalledMemory);

describe("how strong a memory is", () => {
  it("goes from what the gate just lets through to an answer in the question's words", () => {
    expect(strengthOf(0.1)).toBe(0.05);
    expect(strengthOf(0.2)).toBeCloseTo(0.16, 2);
    expect(strengthOf(0.3)).toBeCloseTo(0.32, 2);
    expect(strengthOf(0.5)).toBeCloseTo(0.65, 2);
    expect(strengthOf(0.72)).toBe(1);
  });

  it("stays between what can be seen and all", () => {
    expect(strengthOf(0)).toBe(0.05);
    expect(strengthOf(1)).toBe(1);
  });

  it("differs in the chip where it does in the panel, the strongest first", () => {
    expect(strengths(scored(0.3, 0.5, null))).toEqual([strengthOf(0.5), 0.5, strengthOf(0.3)]);
    expect(strengths(scored(0.2, 0.2))).not.toEqual(strengths(scored(0.4, 0.4)));
  });
});
