import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/types";
import { apply, isLive, newTurn, type Turn } from "./turn";

const begun = newTurn({
  sessionId: null,
  request: { message: "Hi", temporary: false },
  after: null,
  question: "Hi",
});
const run: RunEvent = {
  id: 1,
  event: "run",
  data: { run_id: "r", session_id: "s", user_message_id: "q", message_id: "a", title: "Hi" },
};
const token = (text: string): RunEvent => ({ id: 2, event: "token", data: { text } });
const all = (turn: Turn, ...events: RunEvent[]) => events.reduce(apply, turn);

describe("apply", () => {
  it("learns the ids that the service gave", () => {
    expect(apply(begun, run)).toMatchObject({
      sessionId: "s",
      runId: "r",
      answerId: "a",
      question: { id: "q", content: "Hi" },
    });
  });

  it("starts the answer over when the run begins again", () => {
    const memories: RunEvent = {
      id: 2,
      event: "memories",
      data: { items: [], degraded: true, forgotten: 2, took_ms: 1 },
    };
    const turn = all(begun, run, memories, token("half an ans"), run);
    expect(turn).toMatchObject({ text: "", memories: null, degraded: false, status: "waiting" });
    expect(all(turn, token("whole")).text).toBe("whole");
  });

  it("comes after the message that it answers, where that is stored", () => {
    const joined = newTurn({ sessionId: "s", request: null, after: null, question: null });
    expect(apply(joined, run).after).toBe("q");
  });

  it.each([
    ["stop", "done"],
    ["length", "done"],
    ["stopped", "stopped"],
  ] as const)("ends by %s as %s", (finish_reason, status) => {
    const turn = all(begun, run, token("x"), {
      id: 3,
      event: "done",
      data: { message_id: "a", finish_reason },
    });
    expect(turn.status).toBe(status);
    expect(isLive(turn)).toBe(false);
  });

  it("keeps what came before an error", () => {
    const error: RunEvent = {
      id: 3,
      event: "error",
      data: { code: "model_down", title: "Down.", retryable: true, retry_after: null },
    };
    expect(all(begun, run, token("half"), error)).toMatchObject({
      status: "error",
      text: "half",
      failure: { code: "model_down", until: null },
    });
  });

  it("knows from when on a model is asked again that failed several times", () => {
    const error: RunEvent = {
      id: 3,
      event: "error",
      data: { code: "model_unavailable", title: "Not now.", retryable: true, retry_after: 4.2 },
    };
    const before = Date.now();
    const until = all(begun, run, error).failure?.until ?? 0;
    expect(until).toBeGreaterThanOrEqual(before + 4_200);
    expect(until).toBeLessThanOrEqual(Date.now() + 4_200);
  });
});
