import type { Page } from "@playwright/test";
import { counted } from "./support/chat";
import { expect, test } from "./support/test";

test("by keyboard alone: a whole conversation, the palette, the sheet of keys", async ({
  page,
  chat,
  memocha,
}) => {
  await memocha.tell({
    answers: [
      { when: "by hand", say: [{ text: counted(60), rate: 8 }] },
      { when: "by keys", say: [{ text: "By keys, then." }] },
    ],
  });
  await memocha.say("My sister Ada plays the cello.");
  await memocha.until(async () => (await memocha.memories()).length >= 2, "it is remembered");
  const { keyboard } = page;
  await chat.open();
  await expect(chat.composer).toBeFocused();
  await keyboard.type("Count by hand, please");
  await keyboard.press("Enter");
  await expect(chat.answers).toContainText("word4");
  await keyboard.press("Escape");
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
  await expect(chat.composer).toBeFocused();

  await keyboard.press("ArrowUp");
  const edit = page.getByRole("textbox", { name: "Edit" });
  await expect(edit).toBeFocused();
  await keyboard.press("Control+A");
  await keyboard.type("What does Ada play? Say it by keys");
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText(["By keys, then."]);
  await chat.done();

  const chip = page.getByRole("button", { name: /^\d+ memor/ });
  await reach(page, () => chip.evaluate((element) => element === document.activeElement));
  await keyboard.press("Enter");
  await expect(chat.panel.getByRole("article").first()).toBeVisible();
  await keyboard.press("Escape");
  await expect(chat.panel).toHaveCount(0);
  await expect(chip).toBeFocused();

  await keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await keyboard.press("Control+K");
  await expect(page.getByRole("dialog")).toBeVisible();
  await keyboard.type("cello");
  await expect(
    page.getByRole("dialog").getByRole("option").filter({ hasText: "cello" }).first(),
  ).toBeVisible();
  await keyboard.press("Escape");
  await keyboard.press("Control+Shift+M");
  await expect(page).toHaveURL(/\/memory$/);
  await keyboard.press("Control+,");
  await expect(page).toHaveURL(/\/settings/);
  await keyboard.press("Control+Shift+O");
  await expect(chat.composer).toBeFocused();
  expect(new URL(page.url()).pathname).toBe("/");
});

/** Press Tab until it is so. */
async function reach(page: Page, there: () => Promise<boolean>): Promise<void> {
  for (const back of [true, false]) {
    for (let pressed = 0; pressed < 30; pressed += 1) {
      if (await there()) return;
      await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    }
  }
  throw new Error("Tab does not lead there");
}

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

    await page.getByRole("button", { name: /^\d+ memor/ }).tap();
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
  await page.goto("/settings#look");
  const light = await background(page);
  await page.getByText("Dark", { exact: true }).click();
  await page.getByText("Larger", { exact: true }).click();
  const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
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
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("设置");

  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("设置");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  expect(await background(page)).not.toBe(light);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe(size);
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

test("a conversation in Chinese, recalled in Chinese", async ({ page, chat, memocha }) => {
  await memocha.tell({ answers: [{ when: "我妹妹", say: [{ text: "好的，我记住了。" }] }] });
  await memocha.say("我妹妹小雅六月三日四十岁。");
  await memocha.until(async () => (await memocha.memories()).length >= 2, "it is remembered");
  await chat.open();
  await chat.talk("我妹妹小雅几月生日？");
  await page.getByRole("button", { name: /^\d+ memor/ }).click();
  await expect(chat.panel).toContainText("我妹妹小雅六月三日四十岁。");
});
