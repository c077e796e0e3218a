import { fireEvent, renderHook, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { show } from "@/testing/show";
import { hold, setDraft, useDraft } from "./drafts";
import { Failed } from "./Failed";
import { newTurn, outlineOf, setTurn, type Turn, turnOf } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const WORDS = "My sister plays the cello";
const turn: Turn = {
  ...newTurn({
    sessionId: S,
    request: { session_id: S, message: WORDS, temporary: false },
    after: null,
    question: WORDS,
  }),
  status: "error",
  failure: { code: "offline", title: "Away.", retryable: true },
};
const draft = () => renderHook(() => useDraft(S)).result.current;

beforeEach(() => {
  setTurn(S, turn);
  setDraft(S, "");
  hold(S, WORDS, false);
});

const shown = (given = turn) =>
  show(
    <Failed
      turn={outlineOf(given)}
      code={null}
      forgotten={0}
      sessionId={S}
      retryId={given.question?.id ?? null}
      busy={false}
      onEdit={vi.fn()}
    />,
  );

describe("a message that was not sent", () => {
  it("goes back to the field to be put differently, before what is written there", () => {
    setDraft(S, "and more");
    shown();
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    expect(draft()).toBe(`${WORDS}\n\nand more`);
    expect(turnOf(S)).toBeNull();
  });

  it("says what the service finds wrong with it", () => {
    const detail = "message has 32001 characters; at most 32000 are taken";
    shown({ ...turn, failure: { code: "invalid_request", title: "Invalid.", detail, retryable: false } });
    expect(screen.getByText(/at most 32000 are taken/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    expect(screen.getByRole("button", { name: "Edit" })).toBeInTheDocument();
  });

  it.each([
    ["rate_limited", 20_000, /too much in a short time.*try again at \d+:\d+:\d+/],
    ["budget_spent", 40 * 86_400_000, /your budget does not suffice.*there is more from \w+ \d+ at \d+:\d+/],
    ["too_many_runs", 1_000, /send it when one of them is done/],
    ["model_unavailable", 4_000, /is asked again at \d+:\d+:\d+.*Your message is kept/],
  ])("tells of %s when it can be sent again, and keeps it", (code, wait, words) => {
    const until = Date.now() + wait;
    shown({ ...turn, failure: { code, title: "Too much.", until, whose: "user", retryable: true } });
    expect(screen.getByText(words)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled();
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    expect(draft()).toBe(WORDS);
  });

  it("is discarded when that is asked for, and is not kept then", () => {
    shown();
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(turnOf(S)).toBeNull();
    expect(draft()).toBe("");
    expect(JSON.stringify({ ...localStorage })).not.toContain(WORDS);
  });

  it("can only be tried again where it is stored", () => {
    shown({ ...turn, question: { id: "q1", content: WORDS } });
    expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Discard" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Edit" })).toBeNull();
  });

  it("says of what had begun that it broke off", () => {
    const failure = { code: "model_unavailable", title: "Away.", retryable: true };
    shown({ ...turn, question: { id: "q1", content: WORDS }, text: "Half", failure });
    expect(screen.getByRole("alert")).toHaveTextContent("The model broke off. What had arrived is kept.");
  });

  it("stands in the field again after a reload", async () => {
    vi.resetModules();
    const reloaded = await import("./drafts");
    expect(renderHook(() => reloaded.useDraft(S)).result.current).toBe(WORDS);
    // Once it is changed there, there are no two of it.
    reloaded.setDraft(S, "changed");
    vi.resetModules();
    const again = await import("./drafts");
    expect(renderHook(() => again.useDraft(S)).result.current).toBe("changed");
  });
});

describe("a question without an answer", () => {
  it.each([
    ["model_credential", /The model's key was refused/],
    ["prompt_too_long", /too long for the model/],
    ["stopped", /You stopped this before an answer began/],
    ["a_code_of_tomorrow", /This message got no answer/],
    [null, /This message got no answer/],
  ])("says why after a reload, and can be answered again: %s", (code, words) => {
    show(
      <Failed
        turn={null}
        code={code}
        forgotten={2}
        sessionId={S}
        retryId="q1"
        busy={false}
        onEdit={vi.fn()}
      />,
    );
    expect(screen.getByText(words)).toBeInTheDocument();
    expect(screen.queryByText(/not sent/)).toBeNull();
    expect(screen.getByText("Forgotten: 2 memories")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
  });
});
