import { fireEvent } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { atFirstUse } from "./first-use";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  ["a key", () => fireEvent.keyDown(document.body, { key: "H" })],
  ["a touch or a click", () => fireEvent.pointerDown(document.body)],
  ["a file let fall", () => fireEvent.drop(document.body)],
])("begins with %s, and only once", (_, use) => {
  const run = vi.fn();
  atFirstUse(run);
  fireEvent.pointerMove(document.body);
  vi.advanceTimersByTime(7_000);
  expect(run).not.toHaveBeenCalled();
  use();
  use();
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledTimes(1);
});

it("begins by itself where the page stands unused", () => {
  const run = vi.fn();
  atFirstUse(run);
  vi.advanceTimersByTime(8_000);
  fireEvent.keyDown(document.body, { key: "H" });
  expect(run).toHaveBeenCalledTimes(1);
});

it("does not begin once it was given up", () => {
  const run = vi.fn();
  atFirstUse(run)();
  fireEvent.keyDown(document.body, { key: "H" });
  vi.advanceTimersByTime(60_000);
  expect(run).not.toHaveBeenCalled();
});
