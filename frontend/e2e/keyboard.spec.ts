import type { Locator } from "@playwright/test";
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
  await expect(page.getByText(/^Stopped/)).toBeVisible();
  await expect(chat.composer).toBeFocused();

  await keyboard.press("ArrowUp");
  const edit = page.getByRole("textbox", { name: "Edit" });
  await expect(edit).toBeFocused();
  await keyboard.press("Control+A");
  await keyboard.type("What does Ada play? Say it by keys");
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText(["By keys, then."]);
  await chat.done();

  const chip = chat.memories;
  await reach(chip);
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

test("by keyboard alone: versions of an answer, and an edit that is taken back", async ({
  page,
  chat,
  memocha,
}) => {
  const say = [{ text: "The first way." }, { text: "The second way." }];
  await memocha.tell({ answers: [{ when: "Which way", say }] });
  const { keyboard } = page;
  await chat.open();
  await keyboard.type("Which way is it?");
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText("The first way.");
  await chat.done();
  await reach(page.getByRole("button", { name: "Answer again" }));
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText("The second way.");
  await chat.done();
  // One goes on from where one was.
  await expect(page.getByRole("button", { name: "Answer again" })).toBeFocused();
  await reach(page.getByRole("button", { name: "Older version" }));
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText("The first way.");
  await expect(page.getByRole("button", { name: "Newer version" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(chat.answers).toHaveText("The second way.");
  await expect(page.getByRole("button", { name: "Older version" })).toBeFocused();

  await keyboard.press("/");
  await expect(chat.composer).toBeFocused();
  await keyboard.press("ArrowUp");
  const edit = page.getByRole("textbox", { name: "Edit" });
  await expect(edit).toHaveValue("Which way is it?");
  await keyboard.type(" And why?");
  await keyboard.press("Escape");
  await expect(edit).toHaveCount(0);
  await expect(chat.question("Which way is it?").getByRole("button", { name: "Edit" })).toBeFocused();
  await expect(chat.question("And why?")).toHaveCount(0);
});

test("by keyboard alone: chats are gone through, renamed, deleted and brought back", async ({
  page,
  chat,
  memocha,
}) => {
  for (const words of ["The first chat", "The second chat", "The third chat"]) {
    const id = await memocha.say(words);
    await memocha.ask("PATCH", `/api/sessions/${id}`, { title: words });
  }
  const { keyboard } = page;
  await chat.open();
  const row = (name: string) => page.getByRole("navigation").getByRole("link", { name, exact: true });
  await reach(row("The third chat"));
  await keyboard.press("ArrowDown");
  await expect(row("The second chat")).toBeFocused();
  await keyboard.press("F2");
  const field = page.getByRole("textbox", { name: "Title of this chat" });
  await expect(field).toBeFocused();
  await keyboard.type("Not kept");
  await keyboard.press("Escape");
  await expect(row("The second chat")).toBeFocused();
  await keyboard.press("F2");
  await keyboard.type("Renamed");
  await keyboard.press("Enter");
  await expect(row("Renamed")).toBeFocused();
  await keyboard.press("Enter");
  await expect(chat.question("The second chat")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Renamed");

  await reach(row("Renamed"));
  await keyboard.press("ArrowUp");
  await keyboard.press("Delete");
  await expect(row("The third chat")).toHaveCount(0);
  await expect(row("Renamed")).toBeFocused();
  await keyboard.press("Control+Z");
  await expect(row("The third chat")).toBeFocused();
  // The one that is read goes, and another can be begun.
  await keyboard.press("ArrowDown");
  await keyboard.press("Delete");
  await expect(row("Renamed")).toHaveCount(0);
  await expect(page).toHaveURL("/");
  await reach(page.getByRole("button", { name: "Undo" }));
  await keyboard.press("Enter");
  await expect(row("Renamed")).toBeVisible();
  await expect(chat.question("The second chat")).toBeVisible();
  expect(await memocha.sessions()).toHaveLength(3);
});

test("by keyboard alone: memories are gone through, pinned, edited, selected, opened and forgotten", async ({
  page,
  cards,
  memocha,
}) => {
  await memocha.remember("I own a kayak.", "I own a kiln.", "I own a loom.");
  const { keyboard } = page;
  await cards.open();
  const [first, second, third] = [cards.all.nth(0), cards.all.nth(1), cards.all.nth(2)];
  await keyboard.press("/");
  await expect(cards.question).toBeFocused();
  await reach(first);
  await keyboard.press("ArrowRight");
  await expect(second).toBeFocused();
  await keyboard.press("p");
  await expect(second.getByText("Pinned")).toBeAttached();
  await keyboard.press("e");
  const words = page.getByRole("textbox", { name: "What is remembered" });
  await expect(words).toBeFocused();
  await keyboard.type("I owned a kiln.");
  await keyboard.press("Enter");
  await expect(second).toContainText("I owned a kiln.");
  await expect(second).toBeFocused();
  await keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Where this comes from" })).toContainText("I owned a kiln.");
  await keyboard.press("Escape");
  await expect(second).toBeFocused();

  await keyboard.press("x");
  await keyboard.press("ArrowDown");
  await expect(third).toBeFocused();
  await keyboard.press("x");
  await expect(cards.selection).toContainText("2 selected");
  await keyboard.press("Escape");
  await expect(cards.selection).toHaveCount(0);
  const [kept = "", gone = ""] = [await second.textContent(), await third.textContent()].map(
    (text) => text ?? "",
  );
  await keyboard.press("Delete");
  await expect(cards.all).toHaveCount(2);
  await expect(second).toBeFocused();
  await expect(second).toHaveText(kept);
  await reach(page.getByRole("button", { name: "Undo" }));
  await keyboard.press("Enter");
  await expect(third).toHaveText(gone);
});

/** Press Tab until it has the focus. */
async function reach(wanted: Locator): Promise<void> {
  for (const key of ["Shift+Tab", "Tab"]) {
    for (let pressed = 0; pressed < 40; pressed += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await wanted.page().keyboard.press(key);
    }
  }
  throw new Error("Tab does not lead there");
}
