import type { Page } from "@playwright/test";
import { MESSAGES, talk } from "./support/long";
import { expect, test } from "./support/test";

/** So slow that heights still change when one scrolls, as they do on old phones. */
const SLOWER = 8;

test("1,000 messages: older ones on scrolling, and what one reads stays where it is", async ({
  page,
  memocha,
}) => {
  test.setTimeout(300_000);
  await memocha.take(talk());
  const [session] = await memocha.sessions();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(`/c/${session?.id}`);
  await expect(page.getByText(`Answer ${MESSAGES - 1}.`)).toBeInViewport();

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
