import { Cards } from "./support/cards";
import { Chat } from "./support/chat";
import { expect, test } from "./support/test";

test("what is done in one page shows in the other: titles, versions, memories, and what is gone", async ({
  page,
  context,
  chat,
  memocha,
  watch,
}) => {
  await memocha.tell({
    answers: [
      { when: "in Porto", say: [{ text: "Of Porto then." }] },
      { when: "in Lisbon", say: [{ text: "Of Lisbon then." }] },
    ],
  });
  const id = await memocha.say("Where to eat in Porto");
  const [fact] = await memocha.remember("I eat no meat.");
  await chat.open(`/c/${id}`);
  await expect(chat.answers).toHaveText("Of Porto then.");
  const other = await context.newPage();
  const there = new Chat(other);
  // What is done before a page listens is not told to it.
  const listening = other.waitForResponse("**/api/events");
  await there.open(`/c/${id}`);
  await listening;
  await expect(there.answers).toHaveText("Of Porto then.");

  await test.step("a title", async () => {
    const row = page.getByRole("navigation").getByRole("listitem").first();
    await row.getByRole("link").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "Title of this chat" }).fill("Lunch");
    await page.keyboard.press("Enter");
    await expect(other.getByRole("heading", { level: 1 })).toHaveText("Lunch");
    await expect(other.getByRole("navigation").getByRole("link", { name: "Lunch" })).toBeVisible();
  });

  await test.step("a message put differently", async () => {
    await chat.composer.focus();
    await page.keyboard.press("ArrowUp");
    await page.getByRole("textbox", { name: "Edit" }).fill("Where to eat in Lisbon");
    await page.keyboard.press("Enter");
    await expect(chat.answers).toHaveText("Of Lisbon then.");
    await expect(there.answers).toHaveText("Of Lisbon then.");
    await there.question("in Lisbon").getByRole("button", { name: "Older version" }).click();
    await expect(chat.answers).toHaveText("Of Porto then.");
  });

  await test.step("a memory", async () => {
    const cards = new Cards(other);
    await other.getByRole("link", { name: "Memory", exact: true }).click();
    await cards.filter("Facts");
    await cards.shows("I eat no meat.");
    await memocha.ask("DELETE", `/api/memories/${fact?.id}`);
    await expect(cards.all).toHaveCount(0);
    await other.getByRole("link", { name: "Lunch" }).click();
    await expect(there.answers).toHaveText("Of Porto then.");
  });

  await test.step("a chat that is deleted", async () => {
    await page.bringToFront();
    await page.getByRole("navigation").getByRole("link", { name: "Lunch" }).focus();
    await page.keyboard.press("Delete");
    watch.expects(/404/);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await other.bringToFront();
    await expect(other.getByRole("heading", { name: "This chat is gone" })).toBeVisible();
    await expect(other.getByRole("navigation").getByRole("link", { name: "Lunch" })).toHaveCount(0);
  });
});
