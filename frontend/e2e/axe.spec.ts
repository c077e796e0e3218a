import { sound } from "./support/sound";
import { tellStory } from "./support/story";
import { expect, test } from "./support/test";

const BROKEN = { status: 500, error: { message: "The server had an error" } };

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.setTimeout(240_000);

test("axe: every page", async ({ page, chat, memocha, watch }) => {
  await chat.open();
  await sound(page, "first run");
  await page.goto("/memory");
  await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
  await sound(page, "memory, empty");

  await tellStory(memocha, { facts: false });
  await memocha.ask("POST", "/api/memories", { text: "I am allergic to hazelnuts." });
  await chat.open();
  await chat.talk("What do you know about my sister Ada?");
  await chat.memories.click();
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
  for (const section of ["", "#answers", "#memory", "#language", "#look", "#keys", "#usage", "#about"]) {
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

test("axe: a conversation in each of its states", async ({ page, chat, memocha }) => {
  await memocha.tell({
    answers: [
      { when: "Think about it", say: [{ text: "A long thought.", think: 60 }] },
      { when: "Does it fail?", say: [BROKEN, BROKEN, BROKEN, { text: "Not now." }] },
      { when: "Once more", say: [{ text: "The first way." }, { text: "The second way." }] },
    ],
  });
  await chat.open();
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect(page.getByRole("heading", { name: "A temporary chat" })).toBeVisible();
  await sound(page, "a temporary chat, before its first message");
  await chat.talk("This is between us");
  await sound(page, "a temporary chat");

  await page.getByRole("link", { name: "New chat" }).click();
  await chat.say("Think about it");
  await expect(page.getByRole("heading", { level: 1, name: "Think about it" })).toBeVisible();
  await expect(page.getByText("Thinking")).toBeVisible();
  await sound(page, "thinking");
  await chat.stop.click();
  await expect(page.getByText("You stopped this before an answer began.")).toBeVisible();
  await sound(page, "stopped before the first word");

  await chat.say("Does it fail?");
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toBeVisible({ timeout: 60_000 });
  await sound(page, "failed");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(chat.answers.last()).toHaveText("Not now.");

  await chat.talk("Once more");
  await page.getByRole("button", { name: "Answer again" }).last().click();
  await expect(page.getByText("Version 2 of 2")).toBeAttached();
  await chat.done();
  await sound(page, "versions of an answer");
  await chat.composer.press("ArrowUp");
  await expect(page.getByRole("textbox", { name: "Edit" })).toBeFocused();
  await sound(page, "a message being edited");
});

test("axe: dialogs, menus and what is told in passing", async ({ page, chat, memocha }) => {
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
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await expect(page.getByRole("textbox", { name: "Title of this chat" })).toBeFocused();
  await sound(page, "a session being renamed");
  await page.keyboard.press("Escape");
  await row.hover();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Empty this chat" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await sound(page, "emptying a chat");
  await page.getByRole("dialog").getByRole("button", { name: "Empty it" }).click();
  await expect(page.getByRole("dialog", { name: "This chat is empty" })).toBeVisible();
  await sound(page, "the receipt of that");
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
  await card.focus();
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "What is remembered" })).toBeFocused();
  await sound(page, "a memory being edited");
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
  await page.keyboard.press("Escape");
  await card.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).hover();
  await sound(page, "something forgotten, with undo");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("axe: a conversation, the drawer, the panel as a sheet, memory and settings", async ({
    page,
    chat,
    memocha,
  }) => {
    await memocha.remember("My sister Ada plays the cello.");
    const id = await memocha.say("What does my sister Ada play?");
    await chat.open(`/c/${id}`);
    await expect(chat.question("What does my sister Ada play?")).toBeVisible();
    await sound(page, "a conversation");
    await chat.memories.click();
    await expect(
      page.getByRole("dialog", { name: "What I remembered" }).getByRole("article"),
    ).not.toHaveCount(0);
    await sound(page, "the panel as a sheet");
    await page.keyboard.press("Escape");
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
