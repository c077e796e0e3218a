import { sound } from "./support/sound";
import { expect, test } from "./support/test";

// Two turns a minute, and a budget of tokens and of money.
test.use({
  settings: {
    MEMOCHA_TURNS_PER_MINUTE: "2",
    MEMOCHA_TOKENS_PER_DAY: "100000",
    MEMOCHA_USD_PER_MONTH: "5",
    MEMOCHA_PRICES: '{"openai:scripted": [100, 1000]}',
  },
});

test("limits: too much is said to be so, with the time and nothing lost; the settings tell what was used and is left", async ({
  page,
  chat,
  watch,
}) => {
  watch.expects(/429/);
  await chat.open();
  await chat.talk("Good morning");
  await chat.talk("Where is my tea?");
  const words = "And where is the sugar?";
  await chat.say(words);
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toContainText(/too much in a short time\. Nothing is lost; try again at \d+:\d+:\d+/);
  await expect(alert.getByRole("button", { name: "Try again" })).toBeEnabled();
  await sound(page, "a message over the limit");
  await page.reload();
  await expect(chat.composer.or(alert.first())).toBeVisible();
  await expect(page.getByText(words).or(chat.composer)).toContainText(words);

  await page.goto("/settings#usage");
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 2 })).toHaveText("Usage");
  await expect(main.getByText(/^2 answers · \$0\.\d+$/)).toHaveCount(2);
  await expect(main.getByText(/^[\d,]+ of 100,000 left$/)).toBeVisible();
  await expect(main.getByText(/^\$4\.\d+ of \$5\.00 left$/)).toBeVisible();
  await expect(main.getByRole("meter")).toHaveCount(2);
  await expect(main.getByRole("img", { name: /^Most on .*: [\d,]+ tokens$/ })).toBeVisible();
  await main.getByText("As a table").click();
  await expect(main.getByRole("table").getByRole("row")).toHaveCount(2);
  await sound(page, "settings, usage");
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, "settings, usage, on a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
