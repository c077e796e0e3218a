import { MESSAGES, talk } from "../support/long";
import { expect, test } from "../support/test";
import { Figures, round } from "./figures";

const RUNS = 5;
const MOST = 1_000;

test("1,000 messages are seen within a second of their arrival", async ({ page, memocha }) => {
  test.setTimeout(300_000);
  await memocha.take(talk());
  const [session] = await memocha.sessions();
  await page.addInitScript(markSeen);
  const figures = new Figures("opening");
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto(`/c/${session?.id}`);
    await expect(page.getByText(`Answer ${MESSAGES - 1}.`)).toBeInViewport();
    figures.runs.push(await page.evaluate(timesOf).then(rounded));
  }
  await figures.keep();
  expect(figures.median.seen_after_arrival_ms).toBeLessThan(MOST);
});

/** Mark the picture after the one that the messages came with. */
function markSeen(): void {
  const seen = () => {
    if (document.querySelectorAll("article[data-row]").length === 0) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("messages-seen")));
  };
  const observer = new MutationObserver(seen);
  document.addEventListener("DOMContentLoaded", () =>
    observer.observe(document.body, { childList: true, subtree: true }),
  );
}

function timesOf(): Record<string, number> {
  const arrived = performance
    .getEntriesByType("resource")
    .find((entry) => entry.name.includes("/messages")) as PerformanceResourceTiming;
  const seen = performance.getEntriesByName("messages-seen")[0]?.startTime ?? Number.NaN;
  return { seen_after_arrival_ms: seen - arrived.responseEnd, seen_after_navigation_ms: seen };
}

function rounded(times: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, round(time, 0)]));
}
