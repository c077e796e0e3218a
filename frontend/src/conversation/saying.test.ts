import { beforeEach, expect, it, vi } from "vitest";
import { conversation } from "@/testing/samples";
import { events, FakeService, json } from "@/testing/service";
import { historyOf } from "./history";
import { takeTurn } from "./runner";
import { say } from "./saying";
import { setTurn, turnOf, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const CHAT = "POST /api/chat";
const MESSAGES = `GET /api/sessions/${S}/messages`;
const OPTIONS = { temporary: false, memory: true };
const stored = (pairs: number) => ({
  items: conversation(pairs),
  next_cursor: null,
  previous_cursor: null,
});
const ended = (question: string, answer: string) =>
  events([
    [1, "run", { run_id: "r", session_id: S, user_message_id: question, message_id: answer, title: "Hi" }],
    [2, "token", { text: "First." }],
    [3, "done", { message_id: answer, finish_reason: "stop" }],
  ]);

let service: FakeService;

beforeEach(() => {
  service = new FakeService().install();
  for (const key of Object.keys(useTurns.getState().turns)) setTurn(key, null);
});

it("says what is sent the moment an answer ends after that answer, which stays", async () => {
  const { items } = stored(2);
  const [question, answer] = items.slice(-2);
  let bring: (response: Response) => void = () => {};
  service.on(
    CHAT,
    () => ended(question?.id ?? "", answer?.id ?? ""),
    () => new Promise(() => {}),
  );
  service.on(
    MESSAGES,
    () => new Promise((resolve) => (bring = resolve)),
    () => json(stored(2)),
  );
  const known = historyOf(stored(1));
  takeTurn({
    sessionId: S,
    request: { session_id: S, message: "one", temporary: false },
    after: known.items.at(-1)?.id ?? null,
    question: "one",
  });
  await vi.waitFor(() => expect(turnOf(S)?.status).toBe("done"));

  const saying = say({ sessionId: S, history: known, options: OPTIONS, content: "two" });
  expect(turnOf(S)?.text).toBe("First.");
  bring(json(stored(2)));
  await saying;
  expect(turnOf(S)).toMatchObject({ after: answer?.id, question: { content: "two" } });
});
