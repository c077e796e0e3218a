import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS } from "../support/chromium";
import { expect, test } from "../support/test";
import { Figures, type Run, round } from "./figures";

const RUNS = 5;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
const LEAST = 95;

/** Lighthouse's phone (a slow one on a slow network, both simulated) on the page that the service sends. */
test("Lighthouse, median of five runs: 95 or more in all four", async ({ memocha }) => {
  test.setTimeout(1_800_000);
  const figures = new Figures("lighthouse");
  for (let run = 0; run < RUNS; run += 1) figures.runs.push(await measured(memocha.url));
  await figures.keep();
  for (const category of CATEGORIES)
    expect.soft(figures.median[category], category).toBeGreaterThanOrEqual(LEAST);
});

async function measured(url: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "memocha-lighthouse-"));
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"];
  const browser = spawn(CHROMIUM, [...FLAGS, ...own], { stdio: ["ignore", "ignore", "pipe"] });
  try {
    const port = await portOf(browser);
    const result = await lighthouse(url, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: [...CATEGORIES],
    });
    if (!result) throw new Error("Lighthouse gave no result");
    const { categories, audits, environment, runtimeError } = result.lhr;
    if (runtimeError) throw new Error(`Lighthouse measured nothing: ${runtimeError.message}`);
    await writeFile(test.info().outputPath("report.json"), JSON.stringify(result.lhr, null, 2));
    const scores = CATEGORIES.map((name) => [name, Math.round((categories[name]?.score ?? 0) * 100)]);
    const value = (audit: string) => Math.round(audits[audit]?.numericValue ?? 0);
    return {
      ...Object.fromEntries(scores),
      first_contentful_paint_ms: value("first-contentful-paint"),
      largest_contentful_paint_ms: value("largest-contentful-paint"),
      total_blocking_time_ms: value("total-blocking-time"),
      speed_index_ms: value("speed-index"),
      layout_shift: round(audits["cumulative-layout-shift"]?.numericValue ?? 0, 3),
      /** How fast Lighthouse found this machine; an idle desktop has 1,500 and more. */
      benchmark_index: Math.round(environment.benchmarkIndex),
    };
  } finally {
    browser.kill("SIGKILL");
    await new Promise((resolve) => browser.on("close", resolve));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where it listens, as it says itself. */
function portOf(browser: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    browser.stderr?.on("data", (piece: Buffer) => {
      said += piece.toString();
      const port = said.match(/DevTools listening on ws:\/\/[^:]+:(\d+)\//)?.[1];
      if (port) resolve(Number(port));
    });
    browser.on("error", reject);
    browser.on("exit", () => reject(new Error(`the browser did not start: ${said}`)));
  });
}
