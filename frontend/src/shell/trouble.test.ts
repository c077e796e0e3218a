import { describe, expect, it } from "vitest";
import type { Readiness } from "@/api/types";
import { progressIn, troubleOf } from "./trouble";

type State = "ok" | "degraded" | "down";
function ready(
  states: { postgres?: State; memory?: State; model?: State },
  detail: string | null = null,
): Readiness {
  const of = (state: State = "ok") => ({ state, detail: state === "ok" ? null : detail });
  return {
    status: "degraded",
    dependencies: { postgres: of(states.postgres), memory: of(states.memory), model: of(states.model) },
  };
}
const seen = { online: true, failing: false, ready: ready({}), local: false, modelExpected: false };

describe("troubleOf", () => {
  it.each([
    ["all is well", seen, null],
    ["nothing is known yet", { ...seen, ready: undefined }, null],
    ["offline, whatever else", { ...seen, online: false, failing: true }, "offline"],
    ["nothing answers", { ...seen, failing: true }, "unreachable"],
    [
      "the database, before the rest",
      { ...seen, ready: ready({ postgres: "down", model: "down" }) },
      "postgres",
    ],
    ["a model elsewhere", { ...seen, ready: ready({ model: "down" }) }, "model"],
    [
      "a model of its own, not seen yet",
      { ...seen, local: true, ready: ready({ model: "down" }) },
      "loading",
    ],
    [
      "a model of its own that was there",
      { ...seen, local: true, modelExpected: true, ready: ready({ model: "down" }) },
      "model",
    ],
    ["the model, before memory", { ...seen, ready: ready({ model: "down", memory: "degraded" }) }, "model"],
    ["memory", { ...seen, ready: ready({ memory: "degraded" }) }, "memory"],
    [
      "memory, with how far it has come",
      {
        ...seen,
        ready: ready({ memory: "degraded" }, "Memories are being embedded anew: 1,200 of 5,000 are done."),
      },
      "embedding",
    ],
  ])("%s", (_, given, kind) => {
    expect(troubleOf(given)?.kind ?? null).toBe(kind);
  });

  it("does not say twice that the model is silent", () => {
    const told = "The language model does not answer; messages are kept and can be retried.";
    expect(troubleOf({ ...seen, ready: ready({ model: "down" }, told) })).toMatchObject({
      kind: "model",
      detail: null,
    });
  });

  it("passes on what the service says of the model", () => {
    const told = "The language model's key was refused.";
    expect(troubleOf({ ...seen, ready: ready({ model: "down" }, told) })?.detail).toBe(told);
  });
});

describe("progressIn", () => {
  it.each([
    ["1,200 of 5,000 are done", { done: 1_200, total: 5_000 }],
    ["0 of 12", { done: 0, total: 12 }],
    ["0 of 0", null],
    ["The memory index does not answer.", null],
  ])("%s", (words, progress) => {
    expect(progressIn(words)).toEqual(progress);
  });
});
