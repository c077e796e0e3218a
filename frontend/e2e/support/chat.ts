import { expect, type Locator, type Page } from "@playwright/test";

/** The client's conversation, as a person handles it. */
export class Chat {
  readonly composer: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  /** What Memocha said, oldest first. */
  readonly answers: Locator;
  /** The chips under answers that tell how many memories they were given. */
  readonly memories: Locator;
  /** The panel "What I remembered", beside the conversation or as a sheet over it. */
  readonly panel: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByRole("textbox", { name: "Your message" });
    this.send = page.getByRole("button", { name: "Send", exact: true });
    this.stop = page.getByRole("button", { name: "Stop", exact: true });
    this.answers = page.locator("article .answer");
    this.memories = page.getByRole("button", { name: /^\d+ memor/ });
    this.panel = page
      .getByRole("complementary", { name: "What I remembered" })
      .or(page.getByRole("dialog", { name: "What I remembered" }));
  }

  async open(path = "/"): Promise<void> {
    await this.page.goto(path);
    await expect(this.composer).toBeVisible();
  }

  /** Say something; the answer may still be on its way afterwards. */
  async say(words: string): Promise<void> {
    await this.composer.fill(words);
    await this.send.click();
    await expect(this.question(words)).toBeVisible();
  }

  /** Say something and wait for the whole answer. */
  async talk(words: string): Promise<void> {
    const before = await this.answers.count();
    await this.say(words);
    await expect(this.answers).toHaveCount(before + 1);
    await this.done();
  }

  /** The answer is whole and kept. */
  async done(): Promise<void> {
    await expect(this.send).toBeVisible();
    await expect(this.page.getByRole("button", { name: "Answer again" }).last()).toBeVisible();
  }

  /** A message of one's own. */
  question(words: string): Locator {
    return this.page
      .locator("article")
      .filter({ has: this.page.getByRole("heading", { name: "You said" }) })
      .filter({ hasText: words });
  }

  /** What stands there, with single blanks. */
  async text(answer: Locator): Promise<string> {
    return ((await answer.textContent()) ?? "").replace(/\s+/g, " ").trim();
  }

  /** The session that is shown. */
  sessionId(): string {
    const id = new URL(this.page.url()).pathname.match(/^\/c\/([0-9a-f-]{36})$/)?.[1];
    if (id === undefined) throw new Error(`${this.page.url()} shows no session`);
    return id;
  }
}

/** Words that are known by their number, so that any lost or doubled one shows. */
export function counted(count: number): string {
  return Array.from({ length: count }, (_, at) => `word${at + 1}`).join(" ");
}
