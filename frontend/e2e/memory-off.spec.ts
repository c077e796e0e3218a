import { expect, test } from "./support/test";

const KNOWN = "My dog Biscuit loves apples.";
const QUESTION = "What does my dog Biscuit love?";

test("memory off in settings: nothing recalled, nothing kept, and on again on the memory page", async ({
  page,
  chat,
  memocha,
}) => {
  await memocha.remember(KNOWN);
  await page.goto("/settings#memory");
  const all = page.getByRole("switch", { name: "Memory in all chats" });
  await all.click();
  await expect(all).not.toBeChecked();
  await expect(page.getByText("Nothing is recalled, and nothing that you say now is kept")).toBeVisible();

  await page.getByRole("link", { name: "New chat" }).click();
  await expect(
    page.getByText("answers are given no memories, and nothing that you say is remembered"),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Memory is off in settings" })).toBeVisible();
  await chat.talk(QUESTION);
  await expect(chat.memories).toHaveCount(0);
  expect(await memocha.promptOf(QUESTION)).not.toContain("apples");
  await expect(page.getByText("Memory off", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: "Memory", exact: true }).click();
  await expect(page.getByText("Memory is off", { exact: true })).toBeVisible();
  await page.getByRole("switch", { name: "Memory", exact: true }).click();
  await expect(page.getByText("Memory is on again")).toBeVisible();

  await page.getByRole("link", { name: "New chat" }).click();
  const again = "And what else does my dog Biscuit love?";
  await chat.talk(again);
  await expect(chat.memories).toHaveText("1 memory");
  expect(await memocha.promptOf(again)).toContain("apples");
  // What is said now is kept, after all that would have been kept of what was said before.
  await memocha.found(again);
  expect((await memocha.memories()).map(({ text }) => text)).not.toContain(QUESTION);
});

test("memory off in one chat: it is given none and leaves none, until it is on again", async ({
  page,
  chat,
  memocha,
}) => {
  await memocha.remember(KNOWN);
  await chat.open();
  const toggle = page.getByRole("button", { name: "Memory", exact: true });
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "false");
  await chat.talk(QUESTION);
  await expect(chat.memories).toHaveCount(0);
  expect(await memocha.promptOf(QUESTION)).not.toContain("apples");
  await expect(page.getByText("Memory off", { exact: true })).toBeVisible();
  await expect(toggle).toHaveAttribute("aria-pressed", "false");

  await toggle.click();
  await expect(page.getByText("This chat remembers, and is given memories.")).toBeVisible();
  await expect(page.getByText("Memory on", { exact: true })).toBeVisible();
  const again = "And what else does my dog Biscuit love?";
  await chat.talk(again);
  await expect(chat.memories).toHaveText("1 memory");
  await memocha.found(again);
  expect((await memocha.memories()).map(({ text }) => text)).not.toContain(QUESTION);

  // The other chats never knew of it.
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk(QUESTION);
  await expect(chat.memories).toBeVisible();
});
