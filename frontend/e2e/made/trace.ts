import type { CDPSession, Page } from "@playwright/test";
import { Chat } from "../support/chat";
import { expect, test } from "../support/test";
import { Figures, type Run, round } from "./figures";

const RUNS = 3;
const TOKENS = 1_400;
const RATE = 200;
const LONGEST = 50;

interface Task {
  /** Milliseconds on the clock, and of them on a core: what is between was another process's. */
  wall: number;
  cpu: number;
}

test("streaming 200 tokens a second drops no frame over 50 ms", async ({ page, memocha }) => {
  test.setTimeout(600_000);
  await memocha.tell({ answers: [{ when: "Tell me all", say: [{ text: answer(), rate: RATE }] }] });
  const figures = new Figures("streaming");
  for (let run = 0; run < RUNS; run += 1) figures.runs.push(await streamed(page));
  await figures.keep();
  expect(figures.median.longest_task_cpu_ms).toBeLessThanOrEqual(LONGEST);
  expect(figures.median.longest_frame_ms).toBeLessThanOrEqual(LONGEST);
});

async function streamed(page: Page): Promise<Run> {
  const chat = new Chat(page);
  await chat.open();
  // What is loaded later is there by now.
  await page.waitForTimeout(2_500);
  await chat.say("Tell me all");
  await expect(chat.answers).toContainText(/\w+/);
  const session = await page.context().newCDPSession(page);
  const stop = await traced(session);
  await page.evaluate(watchFrames);
  const began = Date.now();
  await expect(chat.send).toBeVisible({ timeout: 60_000 });
  const seconds = (Date.now() - began) / 1_000;
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  const tasks = await stop();
  const longest = tasks.reduce((one, other) => (other.wall > one.wall ? other : one), { wall: 0, cpu: 0 });
  return {
    tokens_per_second: round(TOKENS / seconds),
    // By the trace, of the page's thread; the frames are as the page itself sees them.
    longest_task_ms: round(longest.wall),
    longest_task_cpu_ms: round(Math.max(...tasks.map((task) => task.cpu))),
    longest_frame_ms: round(Math.max(...frames)),
    frames: frames.length,
    frames_over_50_ms: frames.filter((frame) => frame > LONGEST).length,
  };
}

/** Note the time between pictures from now on. */
function watchFrames(): void {
  const frames: number[] = [];
  (window as unknown as { frames: number[] }).frames = frames;
  let last = performance.now();
  const next = (now: number) => {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** Begin a trace. Call what it returns for the tasks of the page's thread since then. */
async function traced(session: CDPSession): Promise<() => Promise<Task[]>> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const over = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline"] },
  });
  return async () => {
    await session.send("Tracing.end");
    await over;
    const main = new Set(
      events
        .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
        .map((event) => `${event.pid} ${event.tid}`),
    );
    const tasks = events
      .filter(
        (event) => event.name === "RunTask" && event.ph === "X" && main.has(`${event.pid} ${event.tid}`),
      )
      .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1_000, cpu: tdur / 1_000 }));
    if (tasks.length === 0) throw new Error("the trace has no task of the page's thread");
    return tasks;
  };
}

/** An answer as long ones are: prose, lists, a table, code. */
function answer(): string {
  const prose = Array.from({ length: 60 }, (_, at) => `word${at} and *more* of it`).join(" ");
  const parts = [
    `## A heading\n\n${prose}.`,
    `- ${Array.from({ length: 8 }, (_, at) => `point ${at} with **bold** words`).join("\n- ")}`,
    `| one | two |\n| --- | --- |\n${Array.from({ length: 8 }, (_, at) => `| cell ${at} | and another |`).join("\n")}`,
    `\`\`\`python\n${Array.from({ length: 14 }, (_, at) => `def f${at}(x): return x + ${at}  # a comment`).join("\n")}\n\`\`\``,
  ];
  const words: string[] = [];
  for (let at = 0; words.length < TOKENS; at += 1) {
    words.push(...(`${parts[at % parts.length]}\n\n`.match(/\s*\S+|\s+$/g) ?? []));
  }
  return words.slice(0, TOKENS).join("");
}
