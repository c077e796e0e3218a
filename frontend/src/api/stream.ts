import { credentialHeaders } from "./credential";
import { LOST, ProblemError, problemOf } from "./problem";
import { backoff, pause, readEvents, type ServerEvent } from "./sse";
import type { ChatRequest, RunEvent } from "./types";

/** Milliseconds without any answer after which a lost run is given up. What arrived is kept. */
const PATIENCE = 180_000;
const NAMES = new Set<string>(["run", "memories", "token", "usage", "done", "error"]);
/** The run goes on in another process: its events are to be asked for again. */
const ELSEWHERE = "run_taken_over";

export interface Following {
  /** A turn to take, or a run to join. */
  from: { request: ChatRequest } | { runId: string };
  signal: AbortSignal;
  onEvent(event: RunEvent): void;
  /** The connection was lost and is sought again (true), or is there again (false). */
  onLost?(lost: boolean): void;
  patience?: number;
}

/**
 * Follow a run to its end (`done` or `error`), over as many connections as it takes: after a loss the rest is asked for
 * from the last event on, and nothing is told twice.
 *
 * Throws `ProblemError` when the turn was refused, the run is unknown, or nothing answered for too long; whatever
 * aborted `signal` when it was aborted.
 */
export async function followRun(following: Following): Promise<void> {
  const { from, signal, onEvent, onLost, patience = PATIENCE } = following;
  let runId = "runId" in from ? from.runId : null;
  let last = 0;
  let attempt = 0;
  let lostSince: number | null = null;

  function take(raw: ServerEvent): boolean {
    if (!NAMES.has(raw.event) || raw.id <= last) return false;
    const event = raw as RunEvent;
    if (event.event === "error" && event.data.code === ELSEWHERE) return false;
    last = event.id;
    attempt = 0;
    if (lostSince !== null) {
      lostSince = null;
      onLost?.(false);
    }
    if (event.event === "run") runId = event.data.run_id;
    onEvent(event);
    return event.event === "done" || event.event === "error";
  }

  while (true) {
    try {
      const response =
        runId !== null || "runId" in from
          ? await join(runId ?? "", last, signal)
          : await begin(from.request, signal);
      if (!response.ok || response.body === null) throw await problemOf(response);
      if (await readEvents(response.body, take)) return;
    } catch (error) {
      signal.throwIfAborted();
      // Without a run there is nothing to come back to; and what is refused for good stays refused.
      if (runId === null || (error instanceof ProblemError && !passing(error))) {
        throw error instanceof ProblemError
          ? error
          : new ProblemError(0, "offline", "Memocha could not be reached.");
      }
    }
    if (runId === null) throw new ProblemError(0, LOST, "The connection was lost.");
    attempt += 1;
    if (lostSince === null) {
      lostSince = performance.now();
      onLost?.(true);
    }
    if (performance.now() - lostSince > patience) throw new ProblemError(0, LOST, "The connection was lost.");
    await pause(backoff(attempt), signal);
  }
}

function begin(request: ChatRequest, signal: AbortSignal): Promise<Response> {
  return send("/api/chat", {
    method: "POST",
    body: JSON.stringify(request),
    headers: { "content-type": "application/json" },
    signal,
  });
}

function join(runId: string, last: number, signal: AbortSignal): Promise<Response> {
  return send(`/api/runs/${runId}/events`, {
    headers: last > 0 ? { "last-event-id": String(last) } : {},
    signal,
  });
}

/** A request for events, with the credential. */
export function send(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, {
    ...init,
    headers: { accept: "text/event-stream", ...credentialHeaders(), ...init.headers },
    cache: "no-store",
  });
}

function passing(problem: ProblemError): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}
