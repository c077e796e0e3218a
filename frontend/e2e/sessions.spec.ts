import { sound } from "./support/sound";
import { expect, test } from "./support/test";

test("a temporary chat: chosen before, plainly marked, given no memories, gone when left", async ({
  page,
  chat,
  memocha,
}) => {
  await memocha.say("My dog is called Biscuit and he loves apples.");
  await memocha.until(async () => (await memocha.memories()).length >= 2, "it is remembered");
  await chat.open();
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect(page.getByRole("heading", { name: "A temporary chat" })).toBeVisible();
  await expect(page.getByText("This chat will not be remembered")).toBeVisible();
  await chat.talk("What does my dog Biscuit love?");
  await expect(chat.memories).toHaveCount(0);
  await expect(page.getByText("This chat will not be remembered")).toBeVisible();
  expect(await memocha.promptOf("What does my dog Biscuit love?")).not.toContain("apples");
  const id = chat.sessionId();
  await expect(page.locator(`nav a[href="/c/${id}"]`)).toHaveCount(0);
  await page.getByRole("link", { name: "New chat" }).first().click();
  await expect(chat.composer).toHaveAttribute("placeholder", "Tell or ask something…");
  await memocha.until(
    async () => (await fetch(`${memocha.url}/api/sessions/${id}`)).status === 404,
    "the temporary chat is deleted",
  );
});

test("renamed, archived, found, emptied, deleted with undo and without", async ({ page, chat, memocha }) => {
  await memocha.tell({
    answers: [{ when: "without a lead", say: [{ text: "In the Parque da Bela Vista." }] }],
  });
  const id = await memocha.say("Where can Biscuit run without a lead?");
  await memocha.until(async () => (await memocha.memories()).length === 2, "it is remembered");
  await memocha.say("An invoice template, please");
  await chat.open(`/c/${id}`);
  const sidebar = page.getByRole("navigation", { name: "Navigation" });
  const row = sidebar.getByRole("listitem").filter({ has: page.locator(`a[href="/c/${id}"]`) });
  async function choose(action: string | RegExp): Promise<void> {
    await row.hover();
    await row.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: action }).click();
  }

  await choose("Rename");
  await page.getByRole("textbox", { name: "Title of this chat" }).fill("Walks near Graça");
  await page.keyboard.press("Enter");
  await expect(row.getByRole("link", { name: "Walks near Graça" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Walks near Graça");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page).toHaveTitle(/Walks near Graça/);

  await choose("Archive");
  await expect(row).toHaveCount(0);
  await sidebar.getByRole("button", { name: "Archived" }).click();
  await choose("Unarchive");

  await choose(/^Delete and forget/);
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(row).toBeVisible();

  await chat.open(`/c/${id}`);
  await choose("Empty this chat");
  await page.getByRole("dialog").getByRole("button", { name: "Empty it" }).click();
  await expect(page.getByRole("dialog", { name: "This chat is empty" })).toContainText(
    "2 messages and 2 memories are gone.",
  );
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect(chat.answers).toHaveCount(0);
  expect(await memocha.messages(id)).toEqual([]);

  await choose(/^Delete and forget/);
  await expect(row).toHaveCount(0);
  // Leaving the page deletes at once.
  await page.goto("/memory");
  await memocha.until(
    async () => (await fetch(`${memocha.url}/api/sessions/${id}`)).status === 404,
    "the chat is deleted",
  );
});

test("a chat deleted alone: what was remembered from it stays, and says that its chat is gone", async ({
  page,
  chat,
  cards,
  memocha,
}) => {
  const id = await memocha.say("Biscuit is afraid of thunder.");
  await memocha.found("Biscuit is afraid of thunder.");
  await chat.open(`/c/${id}`);
  const row = page.getByRole("navigation").getByRole("listitem").first();
  await row.hover();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: /^Delete the chat alone/ }).click();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(chat.composer).toHaveAttribute("placeholder", "Tell or ask something…");
  await memocha.until(async () => (await memocha.sessions()).length === 0, "the chat is deleted");
  // It stands by itself now, and is taken into the index anew.
  await memocha.found("Biscuit is afraid of thunder.");

  await chat.talk("What is Biscuit afraid of?");
  await chat.memories.click();
  const given = chat.panel.getByRole("article").filter({ hasText: "Biscuit is afraid of thunder." });
  await expect(given).toContainText("A deleted chat");
  await expect(given.getByRole("button", { name: "Open message" })).toHaveCount(0);
  await cards.open();
  await cards.choose("Biscuit is afraid of thunder.", "Sources and history");
  await expect(page.getByRole("dialog")).toContainText("The chat that this came from was deleted.");
});

test("offline and back: what is there stays, a draft is kept, and it goes on", async ({
  page,
  context,
  chat,
  watch,
}) => {
  await chat.open();
  await chat.talk("Before the tunnel");
  watch.expects(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await expect(page.getByText("You are offline").first()).toBeVisible();
  await expect(chat.question("Before the tunnel")).toBeVisible();
  await sound(page, "offline");
  await chat.composer.fill("In the tunnel");
  await chat.composer.press("Enter");
  await expect(page.getByText("Your message was not sent.")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(chat.answers).toHaveCount(2);
  await chat.done();
  await expect(chat.question("In the tunnel")).toHaveCount(1);
});

test("addresses: back and forward, a chat that is gone, a page that is not", async ({
  page,
  chat,
  memocha,
  watch,
}) => {
  const one = await memocha.say("The first of two chats");
  const two = await memocha.say("The second of two chats");
  await chat.open(`/c/${one}`);
  await expect(chat.question("The first of two chats")).toBeVisible();
  await page.locator(`nav a[href="/c/${two}"]`).click();
  await expect(chat.question("The second of two chats")).toBeVisible();
  await page.goBack();
  await expect(chat.question("The first of two chats")).toBeVisible();
  await page.goForward();
  await expect(chat.question("The second of two chats")).toBeVisible();
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  watch.expects(/404/);
  await page.goto("/c/00000000-0000-7000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "This chat is gone" })).toBeVisible();
  await page.getByRole("link", { name: "Start a new chat" }).click();
  await expect(chat.composer).toBeVisible();
});
