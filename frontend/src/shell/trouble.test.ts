import { describe, expect, it } from "vitest";
import type { Readiness } from "@/api/types";
import { troubleOf } from "./trouble";

type State = "ok" | "degraded" | "down";
function ready(
  states: { postgres?: State; memory?: State; model?: State },
  more: Partial<Readiness["dependencies"][string]> = {},
): Readiness {
  const nothing = { detail: null, code: null, progress: null, breaker: null };
  const of = (state: State = "ok") => ({ state, ...nothing, ...(state === "ok" ? {} : more) });
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
    ["a model in whose place another answers", { ...seen, ready: ready({ model: "degraded" }) }, "fallback"],
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
        ready: ready({ memory: "degraded" }, { progress: { processed: 1_200, total: 5_000 } }),
      },
      "embedding",
    ],
  ])("%s", (_, given, kind) => {
    expect(troubleOf(given)?.kind ?? null).toBe(kind);
  });

  it("does not say twice that the model is silent", () => {
    const told = { code: "model_unavailable", detail: "The language model does not answer." };
    expect(troubleOf({ ...seen, ready: ready({ model: "down" }, told) })).toMatchObject({
      kind: "model",
      said: null,
    });
  });

  it("passes on what the service says of the model", () => {
    const told = { code: "model_credential", detail: "The language model's key was refused." };
    expect(troubleOf({ ...seen, ready: ready({ model: "down" }, told) })?.said).toEqual({
      code: told.code,
      title: told.detail,
    });
  });
});
