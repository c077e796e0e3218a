import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { tellStory } from "./support/story";
import { expect, test } from "./support/test";

/** Nothing that axe knows of is wrong with what is shown. */
async function sound(page: Page, what: string): Promise<void> {
  // Half faded in, colours are none that anybody reads.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.replace(/\s+/g, " ")}`),
  );
  expect.soft(told, what).toEqual([]);
}

for (const theme of ["light", "dark"] as const) {
  test.describe(`axe, ${theme}`, () => {
    test.use({ colorScheme: theme, contextOptions: { reducedMotion: "reduce" } });

    test("pages", async ({ page, chat, memocha, watch }) => {
      test.setTimeout(300_000);
      await chat.open();
      await sound(page, "first run");
      await page.goto("/memory");
      await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
      await sound(page, "memory, empty");

      await tellStory(memocha, { facts: false });
      await memocha.ask("POST", "/api/memories", { text: "I am allergic to hazelnuts." });
      await chat.open();
      await chat.talk("What do you know about my sister Ada?");
      await page.getByRole("button", { name: /^\d+ memor/ }).click();
      await expect(chat.panel.getByRole("article").first()).toBeVisible();
      await sound(page, "a conversation with the panel");
      await page.goto("/memory");
      await expect(page.getByRole("article").first()).toBeVisible();
      await sound(page, "memory");
      await page.getByRole("checkbox", { name: "Select", exact: true }).first().click();
      await expect(page.getByRole("toolbar")).toBeVisible();
      await sound(page, "memory, selected");
      await page.goto("/memory?q=What+do+you+know+about+Ada");
      await expect(page.getByRole("article").first()).toBeVisible();
      await sound(page, "memory, searched");
      for (const section of ["", "#answers", "#memory", "#language", "#look", "#keys", "#about"]) {
        await page.goto(`/settings${section}`);
        await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
        await sound(page, `settings${section}`);
      }
      await page.goto("/nowhere");
      await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
      await sound(page, "not found");
      watch.expects(/404/);
      await page.goto("/c/00000000-0000-7000-8000-000000000000");
      await expect(page.getByRole("heading", { name: "This chat is gone" })).toBeVisible();
      await sound(page, "a chat that is gone");
    });

    test("dialogs and menus", async ({ page, chat, memocha }) => {
      test.setTimeout(300_000);
      await memocha.ask("POST", "/api/memories", { text: "I am allergic to hazelnuts." });
      const id = await memocha.say("My sister Ada turns 40 on 3 June.");
      await chat.open(`/c/${id}`);
      await expect(chat.question("My sister Ada")).toBeVisible();
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog")).toBeVisible();
      await sound(page, "palette");
      await page.keyboard.press("Escape");
      await chat.composer.blur();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      await sound(page, "keys");
      await page.keyboard.press("Escape");
      const row = page.getByRole("navigation").getByRole("listitem").first();
      await row.hover();
      await row.getByRole("button", { name: /^Actions for/ }).click();
      await expect(page.getByRole("menu")).toBeVisible();
      await sound(page, "a session's menu");
      await page.getByRole("menuitem", { name: "Empty this chat" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await sound(page, "emptying a chat");
      await page.keyboard.press("Escape");

      await page.goto("/memory");
      const card = page.getByRole("article").filter({ hasText: "hazelnuts" });
      await card.hover();
      await card.getByRole("button", { name: "Actions" }).click();
      await expect(page.getByRole("menu")).toBeVisible();
      await sound(page, "a memory's menu");
      await page.getByRole("menuitem", { name: "Sources and history" }).click();
      await expect(page.getByRole("dialog")).toContainText("hazelnuts");
      await sound(page, "a memory's sources");
      await page.keyboard.press("Escape");
      for (const name of ["Add", "Import"]) {
        await page.getByRole("button", { name, exact: true }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await sound(page, name);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Any chat" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await sound(page, "choosing a chat");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("menuitem", { name: "Clear all" }).click();
      await expect(page.getByRole("dialog", { name: "Clear all" })).toBeVisible();
      await sound(page, "clearing");
    });

    test("on a phone", async ({ page, chat, memocha }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      const id = await memocha.say("My sister Ada turns 40 on 3 June.");
      await chat.open(`/c/${id}`);
      await expect(chat.question("My sister Ada")).toBeVisible();
      await sound(page, "a conversation");
      await page.getByRole("button", { name: "Open menu" }).click();
      await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
      await sound(page, "the drawer");
      for (const path of ["/memory", "/settings"]) {
        await page.goto(path);
        await expect(page.getByRole("heading").first()).toBeVisible();
        await sound(page, path);
      }
    });
  });
}
