import { createParser } from "eventsource-parser";

/** Milliseconds without a byte after which a stream counts as lost. The service sends a comment every 15 s. */
export const SILENCE = 45_000;

export interface ServerEvent {
  id: number;
  event: string;
  data: unknown;
}

/** The stream fell silent for longer than a living one does. */
export class Silence extends Error {}

/**
 * Read a stream of events to its end. `onEvent` returning true ends the reading.
 * Returns whether it was ended so. Throws what the connection throws, and `Silence`.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: ServerEvent) => boolean | undefined,
  silence = SILENCE,
): Promise<boolean> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let ended = false;
  const parser = createParser({
    onEvent({ id, event, data }) {
      // What follows the last event in the same piece is nobody's.
      if (!ended)
        ended = onEvent({ id: Number(id ?? 0), event: event ?? "message", data: JSON.parse(data) }) === true;
    },
  });
  try {
    while (!ended) {
      const { done, value } = await within(silence, reader.read());
      if (done) break;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Lets go of the connection, whatever state it is in.
    void reader.cancel().catch(() => {});
  }
  return ended;
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence()), milliseconds);
  });
  try {
    return await Promise.race([promise, silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds to wait before the nth try again: doubling to a bound, with jitter so that clients do not come at once. */
export function backoff(attempt: number, longest = 8_000): number {
  const full = Math.min(longest, 250 * 2 ** (attempt - 1));
  return full * (0.5 + Math.random() / 2);
}

/** Wait; less when the network comes back before that. Rejects when aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    function end(): void {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    }
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
