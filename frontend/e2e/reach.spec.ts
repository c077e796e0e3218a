import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });

  test("the drawer, the panel as a sheet, and nothing wider than the screen", async ({
    page,
    chat,
    memocha,
  }) => {
    const wide =
      "| a | b | c |\n| --- | --- | --- |\n| averyveryverylongword | another-one-that-is-long | and a third |";
    await memocha.tell({
      answers: [{ when: "on my phone", say: [{ text: `${wide}\n\n\`\`\`js\n${"x".repeat(200)}\n\`\`\`` }] }],
    });
    const other = await memocha.say("My sister Ada plays the cello.");
    await memocha.until(async () => (await memocha.memories()).length >= 2, "it is remembered");
    await chat.open();
    await chat.composer.fill("What does Ada play? I ask on my phone");
    await chat.send.tap();
    await chat.done();
    await fits(page);

    await chat.memories.tap();
    const sheet = page.getByRole("dialog", { name: "What I remembered" });
    await expect(sheet.getByRole("article").first()).toBeVisible();
    await fits(page);
    const box = await sheet.boundingBox();
    expect(box && Math.round(box.y + box.height)).toBe(844);
    await sheet.getByRole("button", { name: "Close" }).tap();
    await expect(sheet).toHaveCount(0);

    await page.getByRole("button", { name: "Open menu" }).tap();
    const drawer = page.getByRole("dialog", { name: "Navigation" });
    await drawer.locator(`a[href="/c/${other}"]`).tap();
    await expect(drawer).toHaveCount(0);
    await expect(chat.question("My sister Ada plays the cello.")).toBeVisible();
    for (const path of ["/memory", "/settings", "/settings#memory", "/nowhere"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: /\S/ }).first()).toBeVisible();
      await fits(page);
    }
  });
});

async function fits(page: Page): Promise<void> {
  const { scrollWidth, innerWidth } = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    innerWidth: window.innerWidth,
  }));
  expect(scrollWidth).toBeLessThanOrEqual(innerWidth);
}

test("Chinese, dark, larger text and instructions, and all of it there after a reload", async ({
  page,
  memocha,
}) => {
  const heading = page.getByRole("heading", { level: 1 });
  const size = () => heading.evaluate((words) => getComputedStyle(words).fontSize);
  await page.goto("/settings#look");
  await expect(heading).toBeVisible();
  const [light, normal] = [await background(page), await size()];
  await page.getByText("Dark", { exact: true }).click();
  await page.getByText("Larger", { exact: true }).click();
  await expect.poll(size).not.toBe(normal);
  const larger = await size();
  await page.goto("/settings#you");
  const about = page.getByRole("textbox", { name: "About you" });
  await about.fill("I live in Lisbon.");
  await about.blur();
  await memocha.until(
    async () => (await memocha.ask<{ about_me: string }>("GET", "/api/me")).about_me === "I live in Lisbon.",
    "it is saved",
  );
  await page.goto("/settings#language");
  await page.getByText("中文", { exact: true }).click();
  await expect(heading).toHaveText("设置");

  await page.reload();
  await expect(heading).toHaveText("设置");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  expect(await background(page)).not.toBe(light);
  expect(await size()).toBe(larger);
  await page.goto("/settings#you");
  await expect(page.getByRole("textbox").first()).toHaveValue("I live in Lisbon.");
  for (const path of ["/", "/memory"]) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("lang", "zh");
    await expect(page.getByRole("heading").first()).toHaveText(/[\u4e00-\u9fff]/);
  }
});

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test("a conversation in Chinese, recalled in Chinese", async ({ chat, memocha }) => {
  await memocha.tell({ answers: [{ when: "我妹妹", say: [{ text: "好的，我记住了。" }] }] });
  await memocha.say("我妹妹小雅六月三日四十岁。");
  await memocha.until(async () => (await memocha.memories()).length >= 2, "it is remembered");
  await chat.open();
  await chat.talk("我妹妹小雅几月生日？");
  await chat.memories.click();
  await expect(chat.panel).toContainText("我妹妹小雅六月三日四十岁。");
});
