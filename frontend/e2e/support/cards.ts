import { expect, type Locator, type Page } from "@playwright/test";

/** The memory page, as a person handles it. */
export class Cards {
  readonly all: Locator;
  readonly filters: Locator;
  readonly question: Locator;
  /** What can be done with all that is selected. */
  readonly selection: Locator;

  constructor(readonly page: Page) {
    this.all = page.getByRole("main").getByRole("article");
    this.filters = page.getByRole("group", { name: "Which memories" });
    this.question = page.getByRole("textbox", { name: "Ask your memory" });
    this.selection = page.getByRole("toolbar", { name: "Selected memories" });
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(`/memory${query}`);
    await expect(this.all.first()).toBeVisible();
  }

  /** The one with these words. */
  card(words: string): Locator {
    return this.all.filter({ hasText: words });
  }

  /** Choose something of its menu. */
  async choose(words: string, action: string): Promise<void> {
    // By keys, since cards give way to what is remembered meanwhile.
    const opener = this.card(words).getByRole("button", { name: "Actions" });
    const item = this.page.getByRole("menuitem", { name: action });
    // A menu closes when its card is drawn anew, or when a dialog before it takes its time to let go of the focus.
    await expect(async () => {
      if (!(await item.isVisible())) await opener.press("Enter", { timeout: 2_000 });
      await item.click({ timeout: 2_000 });
    }).toPass();
  }

  /** Show only these, or no longer only these. */
  filter(name: string): Promise<void> {
    return this.filters.getByRole("button", { name, exact: true }).click();
  }

  /** These are shown and no others, in whatever order. */
  async shows(...words: string[]): Promise<void> {
    for (const each of words) await expect(this.card(each)).toHaveCount(1);
    await expect(this.all).toHaveCount(words.length);
  }
}
