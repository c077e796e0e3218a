import { readFile } from "node:fs/promises";
import { expect, test } from "./support/test";

const TOLD = "My sister Ada turns 40 on 3 June.";
const TOLD_MORE = "I often cook for her, and Ada stopped eating meat last winter.";
const ASKED = "When does my sister Ada turn 40, and what could I cook?";

test("a life: told, recalled, followed to its source, put right, forgotten, taken away, cleared", async ({
  page,
  chat,
  memocha,
}) => {
  test.setTimeout(300_000);
  await memocha.tell({
    answers: [
      { when: TOLD, say: [{ text: "Forty! I will keep that in mind for the summer.", rate: 8, think: 0.5 }] },
      { when: TOLD_MORE, say: [{ text: "No meat for her, then." }] },
      { when: ASKED, say: [{ text: "Ada turns 40 on 3 June [1]. How about a **mushroom pie**?" }] },
    ],
    facts: {
      "Ada turns 40 on 3 June": [{ fact: "My sister Ada turns 40 on 3 June" }],
      "Ada stopped eating meat": [{ fact: "My sister Ada stopped eating meat" }],
    },
    titles: { [TOLD]: "Ada's birthday", [ASKED]: "Dinner for Ada" },
  });
  const sidebar = page.getByRole("navigation", { name: "Navigation" });

  await test.step("the first message, and its answer as it comes", async () => {
    await chat.open();
    await expect(page.getByRole("heading", { name: "What should I remember?" })).toBeVisible();
    await chat.say(TOLD);
    await expect(chat.stop).toBeVisible();
    await expect(chat.answers).toContainText("Forty!");
    expect(await chat.text(chat.answers)).not.toContain("the summer.");
    await expect(chat.answers).toHaveText("Forty! I will keep that in mind for the summer.");
    await chat.done();
    await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
    await expect(sidebar.getByRole("link", { name: "Ada's birthday" })).toBeVisible();
  });
  const first = chat.sessionId();

  await test.step("what was learned is told by itself", async () => {
    await chat.talk(TOLD_MORE);
    await memocha.read();
    await expect(page.getByText("Remembered: My sister Ada turns 40 on 3 June")).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("Remembered: My sister Ada stopped eating meat")).toBeVisible();
  });

  await test.step("recalled in a second session, with all that the answer was given", async () => {
    await sidebar.getByRole("link", { name: "New chat" }).click();
    await chat.talk(ASKED);
    expect(chat.sessionId()).not.toBe(first);
    const [, answer] = await memocha.messages(chat.sessionId());
    expect(answer?.memories.length).toBeGreaterThan(0);
    const count = answer?.memories.length ?? 0;
    await page.getByRole("button", { name: count === 1 ? "1 memory" : `${count} memories` }).click();
    await expect(chat.panel.getByRole("article")).toHaveCount(count);
    for (const memory of answer?.memories ?? []) await expect(chat.panel).toContainText(memory.text);
  });

  await test.step("what the answer cites is what the model read by that number", async () => {
    const [, answer] = await memocha.messages(chat.sessionId());
    const cited = answer?.memories.find((memory) => memory.number === 1);
    const read = (await memocha.promptOf(ASKED)).split("\n");
    expect(read.find((line) => line.startsWith("[1] "))).toContain(cited?.text);
    await chat.panel.getByRole("button", { name: "Close" }).click();
    await expect(chat.answers.last().locator("mark")).toHaveText("40 on 3 June");
    await chat.answers.last().getByRole("button", { name: "Memory 1", exact: true }).click();
    const card = chat.panel.getByRole("article", { name: "Memory 1", exact: true });
    await expect(card).toBeFocused();
    await expect(card).toContainText(cited?.text ?? "");
  });

  await test.step("the jump to the message that it came from, which glows once", async () => {
    await chat.panel
      .getByRole("article")
      .filter({ hasText: "Ada turns 40 on 3 June" })
      .first()
      .getByRole("button", { name: "Open message" })
      .click();
    const [question] = await memocha.messages(first);
    await expect(page).toHaveURL(`/c/${first}#m-${question?.id}`);
    const source = chat.question(TOLD);
    await expect(source).toBeInViewport();
    await expect(source.locator(".animate-glow")).toHaveCount(1);
    await expect(source.locator(".animate-glow")).toHaveCount(0);
    await page.goBack();
    await expect(chat.question(ASKED)).toBeVisible();
  });

  await test.step("a memory is put right", async () => {
    await sidebar.getByRole("link", { name: "Memory", exact: true }).click();
    const card = page
      .getByRole("article")
      .filter({ hasText: "Ada turns 40 on 3 June" })
      .filter({ hasText: "Fact" });
    await card.hover();
    await card.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    const words = page.getByRole("textbox", { name: "What is remembered" });
    await words.fill("My sister Ada turns 41 on 3 June");
    await words.press("Enter");
    await expect(words).toHaveCount(0);
    await page.reload();
    await expect(page.getByText("My sister Ada turns 41 on 3 June", { exact: true })).toBeVisible();
    const texts = (await memocha.memories("&kind=fact")).map((memory) => memory.text);
    expect(texts).toContain("My sister Ada turns 41 on 3 June");
  });

  await test.step("forgotten, and taken back", async () => {
    const card = page.getByRole("article").filter({ hasText: "My sister Ada stopped eating meat" });
    await card.focus();
    await page.keyboard.press("Delete");
    await expect(card).toHaveCount(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card).toBeVisible();
    expect((await memocha.memories("&kind=fact")).map((memory) => memory.text)).toContain(
      "My sister Ada stopped eating meat",
    );
  });

  await test.step("forgotten, for good", async () => {
    const card = page.getByRole("article").filter({ hasText: "My sister Ada stopped eating meat" });
    await card.focus();
    await page.keyboard.press("Delete");
    await expect(card).toHaveCount(0);
    // Which needs no waiting until nobody can take it back.
    await page.getByRole("button", { name: "Dismiss" }).click();
    await memocha.until(
      async () =>
        !(await memocha.memories("&kind=fact")).some((memory) => memory.text.includes("stopped eating meat")),
      "the fact is gone",
    );
    await page.reload();
    await expect(page.getByText("My sister Ada turns 41 on 3 June", { exact: true })).toBeVisible();
    await expect(card).toHaveCount(0);
  });

  await test.step("one is added by hand", async () => {
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Remember something" });
    await dialog.getByRole("textbox", { name: "What shall be remembered?" }).fill("I live in Lisbon.");
    await dialog.getByRole("button", { name: "Remember", exact: true }).click();
    await expect(page.getByRole("article").filter({ hasText: "I live in Lisbon." })).toBeVisible();
  });

  await test.step("everything is taken away in a file", async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^memocha-.*\.jsonl$/);
    const lines = (await readFile(await download.path(), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.session).map((line) => line.session.title)).toEqual(
      expect.arrayContaining(["Ada's birthday", "Dinner for Ada"]),
    );
    expect(lines.filter((line) => line.message).map((line) => line.message.content)).toEqual(
      expect.arrayContaining([TOLD, ASKED]),
    );
    // What was learned goes along as it was put right; what was forgotten does not.
    expect(lines.filter((line) => line.memory).map((line) => line.memory.text)).toEqual([
      "My sister Ada turns 41 on 3 June",
      "I live in Lisbon.",
    ]);
  });

  await test.step("all memories are cleared, after a typed word and with a receipt", async () => {
    const count = (await memocha.memories()).length;
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Clear all" }).click();
    const dialog = page.getByRole("dialog", { name: "Clear all" });
    const button = dialog.getByRole("button", { name: "Forget all memories" });
    await expect(button).toBeDisabled();
    await dialog.getByRole("textbox").fill("forge");
    await expect(button).toBeDisabled();
    await dialog.getByRole("textbox").fill("forget");
    await button.click();
    const receipt = page.getByRole("dialog", { name: "Forgotten" });
    await expect(receipt.getByText("Memories", { exact: true })).toBeVisible();
    await expect(receipt.locator("dd").first()).toHaveText(String(count));
    await receipt.getByRole("button", { name: "Done" }).click();
    await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
    expect(await memocha.memories()).toEqual([]);
    await expect(sidebar.getByRole("link", { name: "Ada's birthday" })).toBeVisible();
  });

  await test.step("and everything else", async () => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Clear all" }).click();
    const dialog = page.getByRole("dialog", { name: "Clear all" });
    await dialog.getByText("Forget everything, chats too").click();
    await dialog.getByRole("textbox").fill("Forget everything");
    await dialog.getByRole("button", { name: "Forget everything" }).click();
    const receipt = page.getByRole("dialog", { name: "Forgotten" });
    await expect(receipt.getByText("Chats", { exact: true })).toBeVisible();
    await receipt.getByRole("button", { name: "Done" }).click();
    await expect(sidebar.getByRole("link", { name: "Ada's birthday" })).toHaveCount(0);
    expect(await memocha.sessions()).toEqual([]);
  });
});

test("the examples of a new chat do what they say: kept, answered from, taken back", async ({
  page,
  chat,
  memocha,
}) => {
  const tell = "My sister Ada turns 40 on 3 June.";
  await memocha.tell({ facts: { "Ada turns 40": [{ fact: "My sister Ada turns 40 on 3 June" }] } });
  const fresh = page.getByRole("link", { name: "New chat" });
  await chat.open();
  await page.getByRole("button", { name: /^My sister Ada turns 40/ }).click();
  await expect(chat.composer).toBeFocused();
  await expect(chat.composer).toHaveValue(tell);
  await page.keyboard.press("Enter");
  await chat.done();
  await memocha.read();
  await expect(page.getByText("Remembered: My sister Ada turns 40 on 3 June")).toBeVisible();

  await fresh.click();
  await expect(page.getByRole("heading", { name: "What is on your mind?" })).toBeVisible();
  await page.getByRole("button", { name: /^What do you know about me\?/ }).click();
  await page.keyboard.press("Enter");
  await chat.memories.click();
  await expect(chat.panel).toContainText("My sister Ada turns 40 on 3 June");

  await fresh.click();
  await page.getByRole("button", { name: /^Forget that my sister Ada/ }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Forgotten: \d+ memor/)).toBeVisible();
  await chat.done();
  expect((await memocha.memories()).filter(({ text }) => text.includes("Ada"))).toEqual([]);
});
