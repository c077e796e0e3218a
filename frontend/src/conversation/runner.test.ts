import { renderHook, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { conversation, message } from "@/testing/samples";
import { events, FakeService, json, problem } from "@/testing/service";
import { hold, setDraft, useDraft } from "./drafts";
import { joinRun, stopTurn, takeTurn } from "./runner";
import { NEW, setTurn, turnOf, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const R = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b01";
const RUN = { run_id: R, session_id: S, user_message_id: "q1", message_id: "a1", title: "Hi" };
const DONE = { message_id: "a1", finish_reason: "stop" };
const MESSAGES = `GET /api/sessions/${S}/messages`;
const page = (items = conversation(1)) => json({ items, next_cursor: null, previous_cursor: null });

let service: FakeService;

beforeEach(() => {
  service = new FakeService().install();
  service.on(MESSAGES, () => page());
  for (const key of Object.keys(useTurns.getState().turns)) setTurn(key, null);
  vi.spyOn(Math, "random").mockReturnValue(0);
});

const ask = (sessionId: string | null = S) =>
  takeTurn({
    sessionId,
    request: { ...(sessionId && { session_id: sessionId }), message: "Hi", temporary: false },
    after: null,
    question: "Hi",
  });

describe("a turn", () => {
  it("takes a new chat to its address, and leaves when its answer is stored", async () => {
    service.on("POST /api/chat", () =>
      events([
        [1, "run", RUN],
        [2, "token", { text: "Hello" }],
        [3, "done", DONE],
      ]),
    );
    ask(null);
    expect(turnOf(NEW)?.status).toBe("waiting");
    await waitFor(() => expect(window.location.pathname).toBe(`/c/${S}`));
    await waitFor(() => expect(useTurns.getState().turns).toEqual({}));
    expect(service.count(MESSAGES)).toBe(1);
  });

  it("keeps the words until they are stored, and takes what is written meanwhile along", async () => {
    let answer: (response: Response) => void = () => {};
    service.on("POST /api/chat", () => new Promise((resolve) => (answer = resolve)));
    window.history.replaceState(null, "", "/");
    setDraft(NEW, "");
    hold(NEW, "Hi", false);
    ask(null);
    setDraft(NEW, "the next words");
    expect(localStorage.getItem(`memocha:unsent:${NEW}`)).toBe("Hi");
    await waitFor(() => expect(service.count("POST /api/chat")).toBe(1));
    answer(
      events([
        [1, "run", RUN],
        [2, "done", DONE],
      ]),
    );
    await waitFor(() => expect(window.location.pathname).toBe(`/c/${S}`));
    expect(localStorage.getItem(`memocha:unsent:${NEW}`)).toBeNull();
    expect(renderHook(() => useDraft(S)).result.current).toBe("the next words");
    setDraft(S, "");
  });

  it("leaves one alone who has gone elsewhere meanwhile", async () => {
    service.on("POST /api/chat", () => {
      window.history.replaceState(null, "", "/memory");
      return events([
        [1, "run", RUN],
        [2, "done", DONE],
      ]);
    });
    ask(null);
    await waitFor(() => expect(service.count(MESSAGES)).toBe(1));
    expect(window.location.pathname).toBe("/memory");
  });

  it("is not taken while another is on its way", async () => {
    service.on("POST /api/chat", () => new Promise(() => {}));
    ask();
    ask();
    await waitFor(() => expect(service.count("POST /api/chat")).toBe(1));
  });

  it("keeps what arrived when it fails, with the reason", async () => {
    const error = { code: "model_unavailable", title: "The model is away.", retryable: true };
    service.on("POST /api/chat", () =>
      events([
        [1, "run", RUN],
        [2, "token", { text: "Half" }],
        [3, "error", error],
      ]),
    );
    service.on(MESSAGES, () => page([message("q1", "user")]));
    ask();
    await waitFor(() => expect(turnOf(S)?.status).toBe("error"));
    expect(turnOf(S)).toMatchObject({ text: "Half", failure: error });
  });

  it("gives the words back and joins where the chat is answering already", async () => {
    service.on("POST /api/chat", () => problem(409, "run_active", { run_id: R }));
    service.on(`GET /api/runs/${R}/events`, () =>
      events([
        [1, "run", RUN],
        [2, "token", { text: "Other" }],
        [3, "done", DONE],
      ]),
    );
    ask();
    await waitFor(() => expect(service.count(`GET /api/runs/${R}/events`)).toBe(1));
    expect(renderHook(() => useDraft(S)).result.current).toBe("Hi");
  });

  it("keeps what the service says of a message that it refuses", async () => {
    service.on("POST /api/chat", () => problem(422, "invalid_request", { detail: "too long" }));
    ask();
    await waitFor(() => expect(turnOf(S)?.failure).toMatchObject({ detail: "too long", retryable: false }));
  });

  it("is stopped as soon as it has a name, when that was asked for before", async () => {
    let answer: (response: Response) => void = () => {};
    service.on("POST /api/chat", () => new Promise((resolve) => (answer = resolve)));
    service.on(`POST /api/runs/${R}/cancel`, () => json({ run_id: R, message_id: "a1", kept: false }));
    ask();
    await stopTurn(S);
    expect(service.count(`POST /api/runs/${R}/cancel`)).toBe(0);
    await waitFor(() => expect(service.count("POST /api/chat")).toBe(1));
    answer(
      events([
        [1, "run", RUN],
        [2, "done", { ...DONE, finish_reason: "stopped" }],
      ]),
    );
    await waitFor(() => expect(service.count(`POST /api/runs/${R}/cancel`)).toBe(1));
  });
});

describe("joining a run", () => {
  it("follows it once, however often it is told of", async () => {
    service.on(`GET /api/runs/${R}/events`, () =>
      events([
        [1, "run", RUN],
        [2, "token", { text: "Rest" }],
        [3, "done", DONE],
      ]),
    );
    joinRun(S, R);
    joinRun(S, R);
    await waitFor(() => expect(turnOf(S)).toBeNull());
    expect(service.count(`GET /api/runs/${R}/events`)).toBe(1);
  });
});
