import { describe, expect, it } from "vitest";
import { conversation, message } from "@/testing/samples";
import { newTurn, type Outline, outlineOf, type Turn } from "./turn";
import { rowsOf, versionsOf } from "./view";

const stored = conversation(2);
const quiet = { answering: false, atEnd: true };
const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => `${row.kind} ${row.key}`);

function turn(more: Partial<Turn> = {}): Outline {
  const begun = newTurn({
    sessionId: "s",
    request: { session_id: "s", message: "more", temporary: false },
    after: "a2",
    question: "more",
  });
  return outlineOf({ ...begun, ...more });
}

describe("rowsOf", () => {
  it("shows what is stored", () => {
    expect(kinds(rowsOf(stored, null, quiet))).toEqual([
      "question q1",
      "answer a1",
      "question q2",
      "answer a2",
    ]);
  });

  it("adds what was sent and what is coming", () => {
    const rows = rowsOf(stored, turn(), { ...quiet, answering: true });
    expect(kinds(rows).slice(4)).toEqual(["sent sent", "coming coming"]);
  });

  it("shows a message once that was read back while its answer is coming", () => {
    const now = turn({
      question: { id: "q3", content: "more" },
      runId: "r",
      answerId: "a3",
      text: "We",
      status: "streaming",
    });
    const rows = rowsOf([...stored, message("q3", "user")], now, { ...quiet, answering: true });
    expect(kinds(rows).slice(4)).toEqual(["question q3", "coming a3"]);
  });

  it("shows an answer once that was read back, where it stood before", () => {
    const over = turn({
      question: { id: "q3", content: "more" },
      runId: "r",
      answerId: "a3",
      text: "Well",
      status: "done",
    });
    const rows = rowsOf([...stored, message("q3", "user"), message("a3", "assistant")], over, quiet);
    expect(kinds(rows).slice(4)).toEqual(["question q3", "answer a3"]);
  });

  it("puts an answer that is given anew in the place of the old one", () => {
    const again = turn({ after: "q1", question: null, answerId: "a9", text: "Or", status: "streaming" });
    expect(kinds(rowsOf(stored, again, { ...quiet, answering: true }))).toEqual(["question q1", "coming a9"]);
  });

  it("puts an edited message in the place of the old one, the first one too", () => {
    expect(kinds(rowsOf(stored, turn({ after: "a1" }), quiet))).toEqual([
      "question q1",
      "answer a1",
      "sent sent",
      "coming coming",
    ]);
    expect(kinds(rowsOf(stored, turn({ after: null }), quiet))).toEqual(["sent sent", "coming coming"]);
  });

  it("says why a stored message got no answer", () => {
    const left = message("q3", "user", { error_code: "model_unavailable", forgotten: 2 });
    const row = rowsOf([...stored, left], null, quiet).at(-1);
    expect(row).toMatchObject({ kind: "failed", code: "model_unavailable", forgotten: 2, retry: "q3" });
    // The same while it is known from the turn; under what there is of an answer that says it.
    const failure = { code: "model_unavailable", title: "Away.", retryable: true };
    const failed = { status: "error", failure, question: { id: "q3", content: "more" }, runId: "r" } as const;
    expect(rowsOf([...stored, left], turn(failed), quiet).at(-1)).toMatchObject({ code: null, forgotten: 2 });
    const unsent = turn({ ...failed, question: { id: null, content: "more" }, runId: null, after: "q3" });
    expect(rowsOf([...stored, left], unsent, quiet).at(-1)).toMatchObject({ forgotten: 0 });
    const begun = turn({ ...failed, text: "Half" });
    expect(rowsOf([...stored, left], begun, quiet).at(-1)).toMatchObject({ forgotten: 0 });
  });

  it("says that a message got no answer, but not while one is on its way", () => {
    const open = [...stored, message("q3", "user")];
    expect(kinds(rowsOf(open, null, quiet)).at(-1)).toBe("failed failed");
    expect(kinds(rowsOf(open, null, { ...quiet, answering: true })).at(-1)).toBe("question q3");
  });

  it("offers to send again what was not stored, and to answer what was", () => {
    const failure = { code: "offline", title: "Away.", retryable: true };
    const unsent = rowsOf(stored, turn({ status: "error", failure }), quiet);
    expect(unsent.at(-1)).toMatchObject({ kind: "failed", retry: null });
    const unanswered = turn({
      status: "error",
      failure,
      runId: "r",
      answerId: "a3",
      question: { id: "q3", content: "more" },
    });
    expect(rowsOf([...stored, message("q3", "user")], unanswered, quiet).at(-1)).toMatchObject({
      kind: "failed",
      retry: "q3",
    });
  });

  it("tells a failure once, where part of the answer is stored", () => {
    const broken = turn({
      status: "error",
      failure: { code: "model_unavailable", title: "Away.", retryable: true },
      question: { id: "q3", content: "more" },
      runId: "r",
      answerId: "a3",
      text: "Half",
    });
    const part = message("a3", "assistant", { finish_reason: "interrupted" });
    const rows = rowsOf([...stored, message("q3", "user"), part], broken, quiet);
    expect(kinds(rows).slice(4)).toEqual(["question q3", "answer a3"]);
  });

  it("leaves the end's affairs at the end, while one reads elsewhere", () => {
    const middle = [...stored, message("q3", "user")];
    expect(rowsOf(middle, turn(), { answering: true, atEnd: false })).toHaveLength(5);
    expect(rowsOf(middle, null, { answering: false, atEnd: false })).toHaveLength(5);
  });
});

describe("versionsOf", () => {
  it("knows its place among the versions", () => {
    const middle = message("b", "user", { siblings: ["a", "b", "c"] });
    expect(versionsOf(middle)).toEqual({ number: 2, count: 3, before: "a", after: "c" });
    expect(versionsOf(message("a", "user", { siblings: ["a", "b"] }))).toMatchObject({
      number: 1,
      before: null,
      after: "b",
    });
  });

  it("is nothing for an only one", () => {
    expect(versionsOf(message("a", "user"))).toBeNull();
  });
});
