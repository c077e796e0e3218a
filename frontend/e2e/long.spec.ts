import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

const MESSAGES = 1_000;
const TEXT =
  "A paragraph of some length, with **bold words**, `code` and a [link](https://example.org), as answers have them.";

/** What a long chat consists of: short questions, and answers with lists, tables and code among them. */
function talk(): unknown[] {
  const start = Date.now() - MESSAGES * 60_000;
  return [
    {
      session: {
        id: "long",
        title: "A long talk",
        memory_enabled: false,
        created_at: new Date(start).toISOString(),
      },
    },
    ...Array.from({ length: MESSAGES }, (_, at) => {
      const role = at % 2 === 0 ? "user" : "assistant";
      const more =
        at % 10 === 5
          ? "\n\n```js\nconst a = 1;\nconst b = 2;\n```"
          : at % 10 === 9
            ? "\n\n- one\n- two\n- three"
            : "";
      const content = role === "user" ? `Question ${at}?` : `Answer ${at}. ${TEXT} ${TEXT}${more}`;
      return {
        message: { id: `m${at}`, role, content, created_at: new Date(start + at * 60_000).toISOString() },
      };
    }),
  ];
}

test("1,000 messages: there within a second of their arrival, older ones on scrolling, the place kept", async ({
  page,
  memocha,
}, info) => {
  test.setTimeout(300_000);
  await memocha.take(talk());
  const [session] = await memocha.sessions();
  await page.addInitScript(() => {
    const seen = () => {
      if (document.querySelectorAll("article[data-row]").length === 0) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("messages-seen")));
    };
    const observer = new MutationObserver(seen);
    document.addEventListener("DOMContentLoaded", () =>
      observer.observe(document.body, { childList: true, subtree: true }),
    );
  });
  await page.goto(`/c/${session?.id}`);
  await expect(page.getByText(`Answer ${MESSAGES - 1}.`)).toBeInViewport();
  const took = await page.evaluate(() => {
    const arrived = performance
      .getEntriesByType("resource")
      .find((entry) => entry.name.includes("/messages")) as PerformanceResourceTiming;
    return (performance.getEntriesByName("messages-seen")[0]?.startTime ?? Number.NaN) - arrived.responseEnd;
  });
  info.annotations.push({
    type: "milliseconds from the data's arrival to the picture",
    description: took.toFixed(0),
  });
  expect(took).toBeLessThan(1_000);

  // What was said before arrives late, so that there is a moment before it does.
  await page.route(/\/messages\?.*cursor=/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  for (let loaded = await rows(page); loaded < 300; loaded = await rows(page)) {
    await page.locator("[data-scroller]").evaluate((scroller) => scroller.scrollTo(0, 400));
    await settled(page);
    expect(await rows(page)).toBe(loaded);
    const before = await firstSeen(page);
    await expect.poll(() => rows(page)).toBeGreaterThan(loaded);
    await settled(page);
    const after = await place(page, before.id);
    expect(Math.abs(after - before.top), `${before.id} stays where it is`).toBeLessThanOrEqual(4);
  }
});

function rows(page: Page): Promise<number> {
  return page.locator("article[data-row]").count();
}

/** The first message in view, and how far from the top it stands. */
function firstSeen(page: Page): Promise<{ id: string; top: number }> {
  return page.locator("[data-scroller]").evaluate((scroller) => {
    const edge = scroller.getBoundingClientRect().top;
    for (const row of scroller.querySelectorAll<HTMLElement>("article[data-row]")) {
      const box = row.getBoundingClientRect();
      if (box.top >= edge) return { id: row.id, top: box.top };
    }
    throw new Error("nothing is in view");
  });
}

function place(page: Page, id: string): Promise<number> {
  return page.locator(`[id="${id}"]`).evaluate((row) => row.getBoundingClientRect().top);
}

/** Two frames later, when heights are known. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
