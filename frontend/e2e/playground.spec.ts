import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./support/test";

const TOLD = "My dog is called Biscuit.";
const FIRST = "A fine name for a dog, and one that I will keep in mind.";

/** Types into LangServe's page and sends it, once the page is ready for it: its button has no name, and is green then. */
async function send(page: Page, words: string): Promise<void> {
  await page.getByPlaceholder("Send a message...").fill(words);
  await page.locator("button.bg-button-green").click();
}

/** What stands there, told from the field within it that it can be changed in. */
function said(page: Page, words: string | RegExp): Locator {
  return page.locator("div[aria-hidden=true]").filter({ hasText: words });
}

test("LangServe's playground: an answer comes as it is written, the next turn goes on from it, a new page remembers it", async ({
  page,
  memocha,
}) => {
  await memocha.tell({ answers: [{ when: TOLD, say: [{ text: FIRST, rate: 5 }] }] });
  const shown = await page.goto("/chat/playground/");
  expect(shown?.headers()["content-security-policy"]).toContain("default-src 'none'");
  await send(page, TOLD);
  await expect(said(page, /^A fine name (?!.*mind\.)/)).toBeVisible();
  await expect(said(page, FIRST)).toBeVisible();

  await send(page, "What is it called?");
  await expect(said(page, "I see.")).toBeVisible();
  const second = await memocha.promptOf("What is it called?");
  expect(second).toContain(TOLD);
  expect(second).toContain(FIRST);
  expect(await memocha.sessions()).toHaveLength(1);

  await memocha.found(TOLD);
  await memocha.tell({ answers: [] });
  await page.reload();
  await send(page, "Who of mine is called Biscuit?");
  await expect(said(page, "I see.")).toBeVisible();
  const third = await memocha.promptOf("Who of mine is called Biscuit?");
  expect(third).toContain(`the user told you: ${TOLD}`);
  expect(await memocha.sessions()).toHaveLength(2);
});

test("LangServe's playground: a model that fails is told of, and what was said is given back", async ({
  page,
  memocha,
  watch,
}) => {
  // LangServe's page says it on the console too.
  watch.expects(/The language model did not answer/);
  await memocha.tell({
    answers: [{ when: TOLD, say: [{ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 }] }],
  });
  await page.goto("/chat/playground/");
  await send(page, TOLD);
  await expect(
    page.getByText("The language model did not answer. Your message is kept; try again."),
  ).toBeVisible();
  await expect(page.getByPlaceholder("Send a message...")).toHaveValue(TOLD);
});
