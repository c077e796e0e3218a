import { type Chat, counted } from "./support/chat";
import type { Memocha } from "./support/memocha";
import { expect, test } from "./support/test";

const QUESTION = "Count for me, please";
const LONG = counted(60);
/** So slowly that it can be broken off, and at the usual pace when it is asked for once more. */
const BROKEN_OFF = [{ text: LONG, rate: 8 }, { text: LONG }];
/** What browsers say of a server that went away. */
const AWAY = [
  /ERR_CONNECTION_REFUSED/,
  /ERR_INCOMPLETE_CHUNKED/,
  /ERR_EMPTY_RESPONSE/,
  /ERR_CONNECTION_RESET/,
  /: 503|^503/,
];

test("reloaded in mid-answer: the rest arrives, nothing twice", async ({ page, chat, memocha }) => {
  await memocha.tell({ answers: [{ when: QUESTION, say: [{ text: LONG, rate: 10 }] }] });
  await chat.open();
  await chat.say(QUESTION);
  await expect(chat.answers).toContainText("word8");
  await page.reload();
  await expect(chat.answers).toContainText("word8");
  await expect(chat.stop).toBeVisible();
  expect(await chat.text(chat.answers)).not.toContain("word60");
  await chat.done();
  expect(await chat.text(chat.answers)).toBe(LONG);
  await expect(chat.question(QUESTION)).toHaveCount(1);
  const stored = await memocha.messages(chat.sessionId());
  expect(stored.map((message) => message.content)).toEqual([QUESTION, LONG]);
});

test("left in mid-answer for another chat and come back to", async ({ page, chat, memocha }) => {
  const other = await memocha.say("Something else altogether");
  await memocha.tell({ answers: [{ when: QUESTION, say: [{ text: LONG, rate: 12 }] }] });
  await chat.open();
  await chat.say(QUESTION);
  await expect(chat.answers).toContainText("word5");
  const id = chat.sessionId();
  await page.locator(`a[href="/c/${other}"]`).click();
  await expect(chat.question("Something else altogether")).toBeVisible();
  await expect(chat.send).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(`/c/${id}`);
  await chat.done();
  expect(await chat.text(chat.answers)).toBe(LONG);
});

test("two tabs show the same answer as it comes, and what is said in one shows in the other", async ({
  page,
  context,
  chat,
  memocha,
}) => {
  await memocha.tell({ answers: [{ when: QUESTION, say: [{ text: LONG, rate: 8 }] }] });
  await chat.open();
  await chat.say(QUESTION);
  await expect(chat.answers).toContainText("word3");
  const second = await context.newPage();
  await second.goto(page.url());
  const answer = second.locator("article .answer");
  await expect(answer).toContainText("word3");
  await expect(second.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
  await chat.done();
  await expect(answer).toHaveText(LONG);
  expect(await chat.text(chat.answers)).toBe(LONG);

  await second.getByRole("textbox", { name: "Your message" }).fill("And from this tab");
  await second.keyboard.press("Enter");
  await expect(answer).toHaveCount(2);
  await page.bringToFront();
  await expect(chat.question("And from this tab")).toBeVisible();
  await expect(chat.answers).toHaveCount(2);
});

test("the service killed in mid-answer: the same run goes on by itself, and nothing is lost", async ({
  page,
  chat,
  memocha,
  watch,
}) => {
  watch.expects(...AWAY, /network/i);
  await memocha.tell({ answers: [{ when: QUESTION, say: BROKEN_OFF }] });
  await chat.open();
  await chat.say(QUESTION);
  await expect(chat.answers).toContainText("word8");
  const id = await rowId(chat);
  const before = await asked(memocha);
  await memocha.kill("service");
  await expect(page.getByText("The connection was lost. Looking for it again…")).toBeVisible();
  await expect(chat.answers).toHaveText(LONG, { timeout: 60_000 });
  await chat.done();
  await wentOn(chat, memocha, id, before);
  await expect(chat.question(QUESTION)).toHaveCount(1);
  const stored = await memocha.messages(chat.sessionId());
  expect(stored.map((message) => message.content)).toEqual([QUESTION, LONG]);
});

test("all of it killed in mid-answer, and started again: the same run goes on by itself", async ({
  page,
  chat,
  memocha,
  watch,
}) => {
  test.setTimeout(240_000);
  watch.expects(...AWAY, /network/i);
  await memocha.tell({ answers: [{ when: QUESTION, say: BROKEN_OFF }] });
  await chat.open();
  await chat.talk("Something that was said before");
  await chat.say(QUESTION);
  await expect(chat.answers.last()).toContainText("word8");
  const id = await rowId(chat);
  const before = await asked(memocha);
  await memocha.kill("supervisor");
  await expect(page.getByText("Memocha does not answer").first()).toBeVisible({ timeout: 60_000 });
  await chat.composer.fill("A draft of what comes next");
  await memocha.start();
  await expect(page.getByText("Memocha does not answer")).toHaveCount(0, { timeout: 60_000 });
  await expect(chat.answers.last()).toHaveText(LONG, { timeout: 60_000 });
  await chat.done();
  await wentOn(chat, memocha, id, before);
  await expect(chat.composer).toHaveValue("A draft of what comes next");
  await page.reload();
  await expect(chat.answers.last()).toHaveText(LONG);
  await expect(chat.question("Something that was said before")).toHaveCount(1);
  await expect(chat.question(QUESTION)).toHaveCount(1);
});

/** The id of the message that stands last. */
async function rowId(chat: Chat): Promise<string> {
  return (await chat.page.locator("article").last().getAttribute("data-row")) ?? "";
}

/** It is the message that was begun, and none was asked for again: that would stand beside it, or in its place. */
async function wentOn(chat: Chat, memocha: Memocha, id: string, before: number): Promise<void> {
  const answer = (await memocha.messages(chat.sessionId())).at(-1);
  expect(answer).toMatchObject({ id, content: LONG, finish_reason: "stop" });
  expect(await rowId(chat)).toBe(id);
  await expect(chat.page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  // A model cannot go on in mid-sentence: the run asks it once more, for what was being said when it was killed.
  expect(await asked(memocha)).toBe(before + 1);
}

/** How often the model was asked to answer the question. */
async function asked(memocha: Memocha): Promise<number> {
  return (await memocha.askedFor(QUESTION)).length;
}

test("stopped: what was said stays, marked", async ({ page, chat, memocha }) => {
  await memocha.tell({ answers: [{ when: QUESTION, say: [{ text: LONG, rate: 8 }] }] });
  await chat.open();
  await chat.say(QUESTION);
  await expect(chat.answers).toContainText("word5");
  await chat.stop.click();
  await expect(page.getByText(/^Stopped/)).toBeVisible();
  await chat.done();
  const [, answer] = await memocha.messages(chat.sessionId());
  expect(answer?.finish_reason).toBe("stopped");
  expect(await chat.text(chat.answers)).toBe(answer?.content);
  expect(answer?.content).not.toContain("word60");
  await page.reload();
  await expect(page.getByText(/^Stopped/)).toBeVisible();
  expect(await chat.text(chat.answers)).toBe(answer?.content);
});

test("answered again: versions side by side, there after a reload", async ({ page, chat, memocha }) => {
  await memocha.tell({
    answers: [{ when: QUESTION, say: [{ text: "The first way." }, { text: "The second way." }] }],
  });
  await chat.open();
  await chat.talk(QUESTION);
  await expect(chat.answers).toHaveText("The first way.");
  await page.getByRole("button", { name: "Answer again" }).click();
  await expect(chat.answers).toHaveText("The second way.");
  await chat.done();
  await expect(page.getByText("Version 2 of 2")).toBeAttached();
  await page.getByRole("button", { name: "Older version" }).click();
  await expect(chat.answers).toHaveText("The first way.");
  await page.reload();
  await expect(chat.answers).toHaveText("The first way.");
  await page.getByRole("button", { name: "Newer version" }).click();
  await expect(chat.answers).toHaveText("The second way.");
});

test("put differently and sent again: the old words stay beside the new", async ({ page, chat, memocha }) => {
  await memocha.tell({
    answers: [
      { when: "in Porto", say: [{ text: "Of Porto then." }] },
      { when: "in Lisbon", say: [{ text: "Of Lisbon then." }] },
      { when: "and after that", say: [{ text: "After Porto." }] },
    ],
  });
  await chat.open();
  await chat.talk("Where to eat in Porto");
  await chat.talk("and after that");
  const question = chat.question("Where to eat in Porto");
  await question.hover();
  await question.getByRole("button", { name: "Edit" }).click();
  const field = page.getByRole("textbox", { name: "Edit" });
  await field.fill("Where to eat in Lisbon");
  await field.press("Enter");
  await expect(chat.answers).toHaveText(["Of Lisbon then."]);
  await chat.done();
  await chat.question("Where to eat in Lisbon").getByRole("button", { name: "Older version" }).click();
  await expect(chat.answers).toHaveText(["Of Porto then.", "After Porto."]);
});

test("a model that fails: said plainly, the message kept, tried again with success", async ({
  page,
  chat,
  memocha,
}) => {
  // It is asked three times before one is told.
  const broken = { status: 500, error: { message: "The server had an error" } };
  await memocha.tell({
    answers: [{ when: QUESTION, say: [broken, broken, broken, { text: "Now it works." }] }],
  });
  await chat.open();
  await chat.say(QUESTION);
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toBeVisible({ timeout: 60_000 });
  await expect(alert).toContainText("Your message is kept");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(chat.answers).toHaveText("Now it works.");
  await chat.done();
  await expect(alert).toHaveCount(0);
  const stored = await memocha.messages(chat.sessionId());
  expect(stored.map((message) => message.content)).toEqual([QUESTION, "Now it works."]);
});
