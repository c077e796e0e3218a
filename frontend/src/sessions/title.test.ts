import { expect, it } from "vitest";
import { shortTitle } from "./title";

it("leaves a title as it is where it fits", () => {
  expect(shortTitle("Walks near Graça")).toBe("Walks near Graça");
});

it("cuts a long one between words, and one without blanks anywhere", () => {
  expect(shortTitle(`A plan for ${"the weeks ".repeat(10)}`)).toBe(
    "A plan for the weeks the weeks the weeks the…",
  );
  expect(shortTitle("对".repeat(100))).toBe(`${"对".repeat(48)}…`);
});

it("cuts no letter in two", () => {
  expect(shortTitle(`${"x".repeat(47)}👩‍🚀${"x".repeat(40)}`)).toBe(`${"x".repeat(47)}👩‍🚀…`);
});
