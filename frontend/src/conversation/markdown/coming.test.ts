import { describe, expect, it } from "vitest";
import { settleTable } from "./coming";

describe("settleTable", () => {
  it.each([
    ["names alone, held back", "| a | b", ""],
    ["names after text, held back", "So:\n| a | b |", "So:"],
    ["a line under them that is not complete", "| a | b |\n|--", "| a | b |\n| --- | --- |"],
    ["a table with rows, as it is", "| a | b |\n|---|---|\n| 1", "| a | b |\n|---|---|\n| 1"],
    ["text, as it is", "a | b", "a | b"],
    ["bars that are no table, as they are", "| a\n| b", "| a\n| b"],
  ])("%s", (_, block, settled) => {
    expect(settleTable(block)).toBe(settled);
  });
});
