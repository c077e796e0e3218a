import { beforeEach, describe, expect, it, vi } from "vitest";
import { events, FakeService, problem } from "@/testing/service";
import { ProblemError } from "./problem";
import { readEvents, Silence } from "./sse";
import { followRun } from "./stream";
import type { RunEvent } from "./types";

const RUN = { run_id: "r1", session_id: "s1", user_message_id: "q1", message_id: "a1", title: "Hello" };
const DONE = { message_id: "a1", finish_reason: "stop" };
const CHAT = "POST /api/chat";
const AGAIN = "GET /api/runs/r1/events";

let service: FakeService;
let seen: RunEvent[];
let lost: boolean[];

beforeEach(() => {
  service = new FakeService().install();
  seen = [];
  lost = [];
  // Waiting between tries is not what is tried here.
  vi.spyOn(Math, "random").mockReturnValue(0);
});

function follow(more: Partial<Parameters<typeof followRun>[0]> = {}): Promise<void> {
  return followRun({
    from: { request: { message: "Hi", temporary: false } },
    signal: new AbortController().signal,
    onEvent: (event) => seen.push(event),
    onLost: (is) => lost.push(is),
    ...more,
  });
}

const text = () => seen.flatMap((event) => (event.event === "token" ? [event.data.text] : [])).join("");

describe("followRun", () => {
  it("tells each event once, to the end", async () => {
    service.on(CHAT, () =>
      events([
        [1, "run", RUN],
        [2, "token", { text: "Hel" }],
        [3, "token", { text: "lo" }],
        [4, "done", DONE],
      ]),
    );
    await follow();
    expect(seen.map((event) => event.event)).toEqual(["run", "token", "token", "done"]);
    expect(lost).toEqual([]);
  });

  it("goes on from the last event after a loss, and tells nothing twice", async () => {
    service.on(CHAT, () =>
      events(
        [
          [1, "run", RUN],
          [2, "token", { text: "One " }],
        ],
        { cut: true },
      ),
    );
    // The service begins a little earlier than it was asked to: what is known already is passed over.
    service.on(AGAIN, () =>
      events([
        [2, "token", { text: "One " }],
        [3, "token", { text: "two" }],
        [4, "done", DONE],
      ]),
    );
    await follow();
    expect(text()).toBe("One two");
    expect(lost).toEqual([true, false]);
    expect(service.asked.at(-1)?.headers.get("last-event-id")).toBe("2");
  });

  it("joins again when a stream ends before its run does", async () => {
    service.on(CHAT, () => events([[1, "run", RUN]]));
    service.on(
      AGAIN,
      () => problem(503, "shutting_down"),
      () => events([[2, "done", DONE]]),
    );
    await follow();
    expect(seen.at(-1)?.event).toBe("done");
    expect(service.count(AGAIN)).toBe(2);
  });

  it("joins a run by its id from its beginning", async () => {
    service.on(AGAIN, () =>
      events([
        [1, "run", RUN],
        [2, "done", DONE],
      ]),
    );
    await follow({ from: { runId: "r1" } });
    expect(seen).toHaveLength(2);
    expect(service.asked[0]?.headers.get("last-event-id")).toBeNull();
  });

  it("asks again where another process goes on with the run", async () => {
    const elsewhere = { code: "run_taken_over", title: "Elsewhere.", retryable: true };
    service.on(CHAT, () =>
      events([
        [1, "run", RUN],
        [2, "error", elsewhere],
      ]),
    );
    service.on(AGAIN, () =>
      events([
        [1_000_001, "run", RUN],
        [1_000_002, "done", DONE],
      ]),
    );
    await follow();
    expect(seen.map((event) => event.event)).toEqual(["run", "run", "done"]);
  });

  it("throws what the service refuses, without a second try", async () => {
    service.on(CHAT, () => problem(409, "run_active", { run_id: "r9" }));
    await expect(follow()).rejects.toMatchObject({
      status: 409,
      code: "run_active",
      problem: { run_id: "r9" },
    });
    expect(service.count(CHAT)).toBe(1);
  });

  it("does not send a turn twice when nothing answered", async () => {
    service.on(CHAT, () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(follow()).rejects.toMatchObject({ code: "offline" });
    expect(service.count(CHAT)).toBe(1);
  });

  it("gives up a run that is not known any more", async () => {
    service.on(CHAT, () => events([[1, "run", RUN]], { cut: true }));
    service.on(AGAIN, () => problem(404, "run_not_found"));
    await expect(follow()).rejects.toBeInstanceOf(ProblemError);
  });

  it("gives up when nothing answers for too long", async () => {
    service.on(CHAT, () => events([[1, "run", RUN]], { cut: true }));
    service.on(AGAIN, () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(follow({ patience: 200 })).rejects.toMatchObject({ code: "connection_lost" });
  });

  it("stops when it is told to", async () => {
    const leaving = new AbortController();
    service.on(CHAT, () => events([[1, "run", RUN]], { cut: true }));
    service.on(AGAIN, () => {
      leaving.abort(new Error("left"));
      return Promise.reject(new TypeError("aborted"));
    });
    await expect(follow({ signal: leaving.signal })).rejects.toThrow("left");
  });
});

describe("readEvents", () => {
  it("reads events that are cut anywhere, in bytes of a letter too", async () => {
    const bytes = new TextEncoder().encode('id: 1\nevent: token\ndata: {"text":"né☕"}\n\n: ping\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const read: unknown[] = [];
    await readEvents(body, (event) => {
      read.push(event);
      return false;
    });
    expect(read).toEqual([{ id: 1, event: "token", data: { text: "né☕" } }]);
  });

  /** Reads these bytes, cut at these places: the events, and what broke the reading off. */
  async function readCut(bytes: Uint8Array, places: number[]): Promise<unknown[]> {
    const cuts = [0, ...places.sort((a, b) => a - b), bytes.length];
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const [at, end] of cuts.entries())
          if (at > 0) controller.enqueue(bytes.slice(cuts[at - 1], end));
        controller.close();
      },
    });
    const read: unknown[] = [];
    try {
      await readEvents(body, (event) => {
        read.push(event);
        return event.event === "done";
      });
    } catch (error) {
      read.push((error as Error).name);
    }
    return read;
  }

  const OURS =
    'id: 1\r\nevent: run\r\ndata: {"run_id":"r"}\r\n\r\n: ping\r\n\r\n' +
    'id: 2\nevent: token\ndata: {"text":"né☕\u2028\u{1f426}"}\n\nid: 3\revent: token\rdata: {"text":\rdata: "b"}\r\r';
  it.each([
    ["ours", `${OURS}id: 4\nevent: done\ndata: {}\n\n`, 4],
    [
      "one that says more after its end",
      `${OURS}id: 4\nevent: done\ndata: {}\n\nid: 5\nevent: token\ndata: {}\n\n`,
      4,
    ],
    ["one that begins with a mark", `\ufeff${OURS}\n`, 3],
    ["one that breaks off in an event", `${OURS}id: 4\nevent: tok`, 3],
    ["one that breaks off before the blank line", `${OURS}id: 4\nevent: token\ndata: {"text":"c"}\n`, 3],
    ["one with fields that there are none of", `${OURS}\nretry: x\nfoo: bar\nid\n\nevent\n\n`, 3],
    ["what is no JSON", `${OURS}id: 4\nevent: token\ndata: {\n\n${OURS}`, 4],
    ["a page of a proxy", "<html>\r\n<h1>502: Bad Gateway</h1>\r\n</html>\r\n", 0],
    ["nothing", "", 0],
  ])("reads the same wherever %s is cut", async (_, text, count) => {
    const bytes = new TextEncoder().encode(text);
    const whole = await readCut(bytes, []);
    expect(whole).toHaveLength(count);
    for (let at = 0; at <= bytes.length; at++) expect(await readCut(bytes, [at])).toEqual(whole);
    // Many cuts at once, the same each time.
    let chance = 7;
    const next = () => {
      chance = (chance * 48_271) % 2_147_483_647;
      return chance % (bytes.length + 1);
    };
    for (let time = 0; time < 100; time++) {
      expect(await readCut(bytes, Array.from({ length: 1 + (time % 12) }, next))).toEqual(whole);
    }
  });

  it("takes silence for a loss", async () => {
    const silent = new ReadableStream<Uint8Array>({ start() {} });
    await expect(readEvents(silent, () => false, 20)).rejects.toBeInstanceOf(Silence);
  });
});
