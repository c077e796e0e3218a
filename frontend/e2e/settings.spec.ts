import { expect, test } from "./support/test";

test("custom instructions: every answer is told them, in temporary chats too, until they are taken back", async ({
  page,
  chat,
  memocha,
}) => {
  await page.goto("/settings#you");
  const about = page.getByRole("textbox", { name: "About you" });
  const how = page.getByRole("textbox", { name: "How to answer" });
  await about.fill("I am a marine biologist.");
  await how.fill("Answer in rhymes, always.");
  await how.blur();
  await expect(page.getByRole("main").getByText("Saved", { exact: true })).toHaveCount(2);

  await page.getByRole("link", { name: "New chat" }).click();
  for (const question of ["What lives in a reef?", "And what lives below it?"]) {
    await chat.talk(question);
    const prompt = await memocha.promptOf(question);
    expect(prompt).toContain("I am a marine biologist.");
    expect(prompt).toContain("Answer in rhymes, always.");
  }
  await page.getByRole("link", { name: "New chat" }).click();
  await page.getByRole("button", { name: "Temporary" }).click();
  await chat.talk("Between us, what lives there?");
  expect(await memocha.promptOf("Between us, what lives there?")).toContain("I am a marine biologist.");

  await page.getByRole("link", { name: "Settings" }).click();
  await about.fill("");
  // Leaving in the middle of writing keeps it.
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk("What lives in a lake?");
  const prompt = await memocha.promptOf("What lives in a lake?");
  expect(prompt).not.toContain("marine biologist");
  expect(prompt).toContain("Answer in rhymes, always.");
});

test("the language of answers is what the model is asked for", async ({ page, chat, memocha }) => {
  await page.goto("/settings#language");
  const language = page.getByRole("combobox", { name: "Answers" });
  await language.selectOption({ label: "Portuguese" });
  await memocha.until(
    async () => (await memocha.ask<{ language: string | null }>("GET", "/api/me")).language === "pt",
    "it is saved",
  );
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk("What is the weather like?");
  expect(await memocha.promptOf("What is the weather like?")).toContain("(BCP-47): pt.");
});

test("limits of one's own: what they would mean is said before they are set, and they hold after a reload", async ({
  page,
  memocha,
}) => {
  await memocha.remember("I own a kayak.", "I own a kiln.", "I own a loom.");
  const [memory] = await memocha.memories();
  await memocha.ask("PATCH", `/api/memories/${memory?.id}`, { pinned: true });
  await page.goto("/settings#memory");
  await expect(page.getByRole("main").getByText("3 memories", { exact: true })).toBeVisible();
  await expect(page.getByText("3 facts, 0 moments, 0 days; 1 pinned")).toBeVisible();
  const most = page.getByRole("textbox", { name: "Memories, at most" });
  const days = page.getByRole("textbox", { name: "Moments stay, in days" });
  const set = page.getByRole("button", { name: "Set limits" });
  await most.fill("0");
  await expect(page.getByText("Write a whole number, or nothing.")).toBeVisible();
  await expect(set).toBeDisabled();
  await most.fill("2");
  await expect(
    page.getByText("1 memory would leave now: the least useful, the oldest of them first."),
  ).toBeVisible();
  await set.click();
  const asked = page.getByRole("dialog", { name: "1 memory would leave" });
  await expect(asked.getByText("I own a kayak.")).toBeVisible();
  await expect(asked.getByText("too many")).toBeVisible();
  await asked.getByRole("button", { name: "Keep them" }).click();
  expect(await memocha.ask("GET", "/api/me")).toMatchObject({ retention: { memories: null, days: null } });
  await most.fill("500");
  await expect(page.getByText("You have 3, so none leaves now.")).toBeVisible();
  await days.fill("30");
  await expect(
    page.getByText("What was said leaves after 30 days, days after 60, facts after 120."),
  ).toBeVisible();
  await set.click();
  await expect(page.getByText("Set. It holds within ten minutes")).toBeVisible();
  await page.reload();
  await expect(most).toHaveValue("500");
  await expect(days).toHaveValue("30");
  await expect(page.getByRole("main").getByText("3 of 500 memories", { exact: true })).toBeVisible();
  expect(await memocha.ask("GET", "/api/me")).toMatchObject({ retention: { memories: 500, days: 30 } });
});

test("theme, text and language of the page hold at once, and go back to what browser and system say", async ({
  page,
}) => {
  const html = page.locator("html");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const heading = page.getByRole("heading", { level: 1 });
  const size = () => heading.evaluate((words) => Number.parseFloat(getComputedStyle(words).fontSize));
  await page.goto("/settings#look");
  await expect(page.getByRole("radio", { name: "As the system" })).toBeChecked();
  await expect(heading).toBeVisible();
  const [light, normal] = [await paper(), await size()];
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(paper).not.toBe(light);
  const dark = await paper();
  await page.getByText("Light", { exact: true }).click();
  await expect.poll(paper).toBe(light);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByText("Dark", { exact: true }).click();
  await expect.poll(paper).toBe(dark);
  await page.getByText("As the system", { exact: true }).click();
  await expect.poll(paper).toBe(light);

  await page.getByText("Small", { exact: true }).click();
  await expect.poll(size).toBeLessThan(normal);
  await page.getByText("Large", { exact: true }).click();
  await expect.poll(size).toBeGreaterThan(normal);
  await page.getByText("Normal", { exact: true }).click();
  await expect.poll(size).toBe(normal);

  await page.goto("/settings#language");
  await page.getByText("中文", { exact: true }).click();
  await expect(heading).toHaveText("设置");
  await expect(html).toHaveAttribute("lang", "zh");
  await page.getByText("English", { exact: true }).click();
  await expect(heading).toHaveText("Settings");
  await page.reload();
  await expect(heading).toHaveText("Settings");
  await expect(html).toHaveAttribute("lang", "en");
});
