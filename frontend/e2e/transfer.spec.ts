import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";
import { zipped } from "./support/zip";

type Line = Record<
  string,
  { id?: string; title?: string; content?: string; text?: string; pinned?: boolean }
>;

/** Choose a file of these lines in the dialog, which is open. */
async function choose(page: Page, name: string, lines: readonly (object | string)[]): Promise<void> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  await page
    .getByRole("dialog", { name: "Import" })
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/x-ndjson", buffer: Buffer.from(text) });
}

/** Choose an archive with these conversations. */
async function chooseArchive(page: Page, name: string, conversations: readonly object[]): Promise<void> {
  await page
    .getByRole("dialog", { name: "Import" })
    .locator("input[type=file]")
    .setInputFiles({
      name,
      mimeType: "application/zip",
      buffer: zipped("conversations.json", JSON.stringify(conversations)),
    });
}

/** A conversation in ChatGPT's form, of which an answer was made anew. */
function chatGpt(): object {
  const node = (id: string, parent: string | null, role?: string, text?: string, metadata = {}) => ({
    id,
    parent,
    children: [],
    message: role && {
      id,
      author: { role, name: null, metadata: {} },
      create_time: 1_700_000_000,
      content: { content_type: "text", parts: [text] },
      status: "finished_successfully",
      weight: 1,
      metadata,
      recipient: "all",
    },
  });
  const nodes = [
    node("root", null),
    node("q", "root", "user", "My ferret Balthazar is afraid of umbrellas"),
    node("a", "q", "assistant", "Poor Balthazar!"),
    node("b", "q", "assistant", "Umbrellas are large.", { attachments: [{}] }),
  ];
  return {
    id: "walks",
    conversation_id: "walks",
    title: "Ferrets",
    create_time: 1_700_000_000,
    current_node: "b",
    mapping: Object.fromEntries(nodes.map((each) => [each.id, each])),
  };
}

/** What somebody told elsewhere, in so many messages. */
function told(messages: number): object[] {
  const facts = ["The spare key lies under the blue flower pot.", "It is kept in mind."];
  return [
    { session: { id: "elsewhere", title: "From elsewhere", created_at: "2026-03-01T10:00:00Z" } },
    ...Array.from({ length: messages }, (_, at) => ({
      message: {
        id: `m${at}`,
        role: at % 2 === 0 ? "user" : "assistant",
        content: facts[at] ?? `Something else that was said, number ${at}.`,
        created_at: new Date(Date.UTC(2026, 2, 1, 10, at)).toISOString(),
      },
    })),
  ];
}

test("a file is taken in while one watches, and what it tells is recalled", async ({
  page,
  chat,
  cards,
  memocha,
}) => {
  await page.goto("/memory");
  await page.getByRole("button", { name: "Import a file" }).click();
  await choose(page, "elsewhere.jsonl", told(240));
  const dialog = page.getByRole("dialog", { name: "Import" });
  await expect(dialog.getByText(/^elsewhere\.jsonl: [\d,]+ of 241 lines are remembered$/)).toBeVisible();
  await expect(dialog.getByRole("meter")).toBeVisible();
  await expect(dialog).toContainText("Imported. All 241 lines were taken in.", { timeout: 60_000 });
  await expect(dialog).toContainText("240 new memories. You have 240 now.");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(cards.card("Something else that was said, number 238.")).toBeVisible();

  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk("Where does the spare key lie?");
  await chat.memories.click();
  const memory = chat.panel.getByRole("article").filter({ hasText: "under the blue flower pot" });
  await expect(memory).toContainText("From elsewhere");
  await memory.getByRole("button", { name: "Open message" }).click();
  await expect(chat.question("under the blue flower pot")).toBeInViewport();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("From elsewhere");
  expect((await memocha.sessions()).map(({ title }) => title)).toContain("From elsewhere");
});

test("a file that is not right: said which line, nothing taken in, and another one may be chosen", async ({
  page,
  memocha,
  watch,
}) => {
  await page.goto("/memory");
  await page.getByRole("button", { name: "Import a file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import" });
  await choose(page, "notes.txt", ["Remember the milk."]);
  await expect(dialog.getByRole("alert")).toHaveText("notes.txt is neither a .jsonl nor a .zip file.");

  watch.expects(/422/);
  const [session = {}, message = {}] = told(1);
  await choose(page, "broken.jsonl", [
    session,
    message,
    { message: { role: "nobody", content: "Who am I?" } },
  ]);
  await expect(dialog.getByRole("alert")).toContainText("Line 3 is not as it should be");
  await expect(dialog.getByRole("alert")).toContainText("Nothing was imported.");
  await dialog.getByRole("button", { name: "Another file" }).click();
  await choose(page, "half.jsonl", [session, '{"message": {"role": "user", "content": "cut o']);
  await expect(dialog.getByRole("alert")).toContainText("Line 2 is not as it should be");
  expect(await memocha.sessions()).toEqual([]);

  await dialog.getByRole("button", { name: "Another file" }).click();
  await choose(page, "right.jsonl", [session, message]);
  await expect(dialog).toContainText("Imported. All 2 lines were taken in.");
  await dialog.getByRole("button", { name: "Another file" }).click();
  await choose(page, "right.jsonl", [session, message]);
  await expect(dialog).toContainText("All 2 lines were here already.");
  await expect(dialog).toContainText("No new memories: all of it was here.");
});

test("an archive of ChatGPT’s is taken in, its branches and what was left out told", async ({
  page,
  chat,
  cards,
  watch,
}) => {
  watch.expects(/422/);
  await page.goto("/memory");
  await page.getByRole("button", { name: "Import a file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import" });
  await chooseArchive(page, "nothing.zip", []);
  await expect(dialog.getByRole("alert")).toContainText("This archive holds no chat");
  await dialog.getByRole("button", { name: "Another file" }).click();
  await chooseArchive(page, "chatgpt.zip", [chatGpt()]);
  await expect(dialog).toContainText("Imported. 4 chats and messages were taken in.");
  await expect(dialog).toContainText("Left out: one file or picture.");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(cards.card("My ferret Balthazar is afraid of umbrellas")).toBeVisible();
  await page.getByRole("link", { name: "Ferrets" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ferrets");
  await expect(chat.question("My ferret Balthazar is afraid of umbrellas")).toBeVisible();
  await expect(page.getByText("Umbrellas are large.")).toBeVisible();
  await expect(page.getByText("Poor Balthazar!")).toHaveCount(0);
});

test("the page asks before it is left while a file is sent, and not afterwards", async ({
  page,
  context,
}) => {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  await context.route("**/api/import", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/memory");
  await page.getByRole("button", { name: "Import a file" }).click();
  await choose(page, "slow.jsonl", told(2));
  const dialog = page.getByRole("dialog", { name: "Import" });
  await expect(dialog.getByText(/slow\.jsonl/)).toBeVisible();
  const asked = page.waitForEvent("dialog");
  void page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  letGo();
  await expect(dialog).toContainText("Imported. All 3 lines were taken in.");
  page.on("dialog", () => expect(false, "nothing is asked any more").toBe(true));
  await page.reload();
});

test("everything in a file, and all of it back from the file after everything was forgotten", async ({
  page,
  cards,
  memocha,
}) => {
  await memocha.tell({
    answers: [{ when: "cello", say: [{ text: "A **fine** instrument — “très beau”, 很好 🎻" }] }],
  });
  const first = await memocha.say("My sister Ada plays the cello.");
  await memocha.say("And my brother?", first);
  await memocha.say("Biscuit barks at thunder.");
  await memocha.ask("PATCH", `/api/sessions/${first}`, { title: "Music" });
  const [memory] = await memocha.remember("I am allergic to hazelnuts.");
  await memocha.ask("PATCH", `/api/memories/${memory?.id}`, { pinned: true });
  const before = await contents();

  await cards.open();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const download = await downloading;
  const text = await readFile(await download.path(), "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const named = (kind: string) => lines.flatMap((line) => (line[kind] ? [line[kind]] : []));
  expect(named("session").map(({ title }) => title)).toContain("Music");
  expect(named("message")).toHaveLength(6);
  expect(named("memory")).toMatchObject([{ text: "I am allergic to hazelnuts.", pinned: true }]);

  await memocha.fresh();
  await page.reload();
  await page.getByRole("button", { name: "Import a file" }).click();
  await choose(page, download.suggestedFilename(), text.trimEnd().split("\n"));
  await expect(page.getByRole("dialog", { name: "Import" })).toContainText("Imported.");
  expect(await contents()).toEqual(before);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(cards.card("hazelnuts").getByText("Pinned")).toBeAttached();

  /** Every chat with what was said in it, and what was added by hand. */
  async function contents(): Promise<unknown> {
    const chats = await Promise.all(
      (await memocha.sessions()).map(async ({ id, title }) => {
        const said = (await memocha.messages(id)).map(({ role, content }) => `${role}: ${content}`);
        return { title, said };
      }),
    );
    const facts = (await memocha.memories("&kind=fact")).map(({ text: words, pinned }) => ({
      words,
      pinned,
    }));
    return { chats: chats.sort((one, other) => one.said.join().localeCompare(other.said.join())), facts };
  }
});
