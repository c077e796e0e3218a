import { api, take } from "@/api/client";
import { asProblem, type ProblemError } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { followRun } from "@/api/stream";
import type { ChatRequest, RunEvent } from "@/api/types";
import { announce } from "@/shell/announce";
import { chatPath, navigate, parseRoute } from "@/shell/router";
import { giveBack, letGo, moveDraft } from "./drafts";
import { refreshEnd } from "./history";
import { plainText } from "./plain";
import { apply, changeTurn, failureOf, isLive, NEW, newTurn, setTurn, type Turn, turnOf } from "./turn";

export interface Order {
  sessionId: string | null;
  request: ChatRequest;
  /** The stored message that the turn comes after. */
  after: string | null;
  /** The words of a new or edited message; null where the same is answered again. */
  question: string | null;
}

/** Take a turn. It goes on whatever is shown, until it has ended or is stopped. */
export function takeTurn({ sessionId, request, after, question }: Order): void {
  const key = sessionId ?? NEW;
  if (isLive(turnOf(key))) return;
  setTurn(key, newTurn({ sessionId, request, after, question }));
  void drive(key, { request });
}

/** Follow a run that goes on already: begun before a reload, or in another tab. */
export function joinRun(sessionId: string, runId: string): void {
  const turn = turnOf(sessionId);
  if (isLive(turn) || turn?.runId === runId) return;
  setTurn(sessionId, { ...newTurn({ sessionId, request: null, after: null, question: null }), runId });
  void drive(sessionId, { runId });
}

/** Stop a turn; what it has brought is kept. */
export async function stopTurn(key: string): Promise<void> {
  const turn = turnOf(key);
  if (!isLive(turn) || turn.stopping) return;
  changeTurn(key, { stopping: true });
  if (turn.runId !== null) await cancel(key, turn.runId);
}

async function cancel(key: string, runId: string): Promise<void> {
  try {
    await take(api.POST("/api/runs/{run_id}/cancel", { params: { path: { run_id: runId } } }));
  } catch (error) {
    // It has ended meanwhile, and the stream says how; or nothing answers, and it can be pressed again.
    asProblem(error);
    changeTurn(key, { stopping: false });
  }
}

async function drive(began: string, from: { request: ChatRequest } | { runId: string }): Promise<void> {
  let key = began;
  const gathered = gather((text) => {
    const turn = turnOf(key);
    if (turn !== null) setTurn(key, { ...turn, text: turn.text + text, status: "streaming" });
  });

  function onEvent(event: RunEvent): void {
    if (event.event === "token") {
      gathered.add(event.data.text);
      return;
    }
    gathered.flush();
    const turn = turnOf(key);
    if (turn === null) return;
    const next = apply(turn, event);
    if (event.event === "run") key = settleIn(key, next);
    else setTurn(key, next);
  }

  try {
    await followRun({
      from,
      signal: new AbortController().signal,
      onEvent,
      onLost: (lost) => changeTurn(key, { lost }),
    });
  } catch (error) {
    gathered.flush();
    await fail(key, asProblem(error));
    return;
  }
  await settle(key);
}

/** The service has made the run, and the session where there was none: the turn stands there from now on. */
function settleIn(key: string, turn: Turn): string {
  const sessionId = turn.sessionId ?? key;
  if (key !== sessionId) setTurn(key, null);
  if (turn.question !== null) letGo(key);
  setTurn(sessionId, turn);
  if (key === NEW) {
    if (parseRoute(window.location).name === "new") {
      moveDraft(NEW, sessionId);
      navigate(chatPath(sessionId), { replace: true });
    }
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  } else if (turn.question === null) {
    // The message that is answered may be one that was sent elsewhere.
    void refreshEnd(sessionId).catch(asProblem);
  }
  if (turn.stopping && turn.runId !== null) void cancel(sessionId, turn.runId);
  return sessionId;
}

/** The turn has ended: read back what is stored of it. */
async function settle(key: string): Promise<void> {
  const turn = turnOf(key);
  if (turn?.status === "done") announce(plainText(turn.text));
  try {
    await refreshEnd(key);
    if (turn !== null && turn.status !== "error" && turnOf(key) === turn) setTurn(key, null);
  } catch (error) {
    // The turn goes on showing what it brought; it leaves when the messages can be read again.
    asProblem(error);
  }
  // What was said is remembered a moment after it was answered.
  setTimeout(() => void queryClient.invalidateQueries({ queryKey: keys.retention }), 2_000);
  void queryClient.invalidateQueries({ queryKey: keys.session(key) });
  void queryClient.invalidateQueries({ queryKey: keys.allSessions });
}

async function fail(key: string, problem: ProblemError): Promise<void> {
  const turn = turnOf(key);
  if (turn === null) return;
  const active = problem.code === "run_active" ? problem.problem.run_id : null;
  if (active && turn.sessionId !== null) {
    // The chat is answering something else. The words go back to where they can be sent again.
    if (turn.question) giveBack(turn.sessionId, turn.question.content);
    setTurn(turn.sessionId, null);
    joinRun(turn.sessionId, active);
    return;
  }
  changeTurn(key, {
    status: "error",
    lost: false,
    failure: failureOf(problem),
  });
  if (turn.runId !== null) await settle(key);
}

/** Gathers text, and hands it on once a frame; in a hidden tab, where no frames are drawn, four times a second. */
function gather(hand: (text: string) => void): { add(text: string): void; flush(): void } {
  let text = "";
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
    const gathered = text;
    text = "";
    if (gathered) hand(gathered);
  }
  return {
    add(more) {
      text += more;
      if (timer !== undefined) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, 250);
    },
    flush,
  };
}
