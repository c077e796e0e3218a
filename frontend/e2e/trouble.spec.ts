import { sound } from "./support/sound";
import { expect, test } from "./support/test";

test("the memory index away: said so, answers come with what words alone find, and it heals by itself", async ({
  page,
  chat,
  memocha,
}) => {
  await memocha.remember("My dog Biscuit loves apples.");
  await chat.open();
  await chat.talk("Good morning");
  await memocha.stop("milvus");
  try {
    const banner = page.getByRole("main").getByRole("status").first();
    await expect(banner).toContainText("Memory works with less. Answers come as ever", { timeout: 60_000 });
    await sound(page, "the banner");
    await chat.talk("What does my dog Biscuit love?");
    await expect(page.getByText("Memory was searched by words alone")).toBeVisible();
    await chat.memories.click();
    await expect(chat.panel.getByRole("article")).toContainText("My dog Biscuit loves apples.");

    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.getByRole("button", { name: "Dismiss" })).toHaveCount(0);
    await page.reload();
    await expect(banner).toContainText("Memory works with less.");
  } finally {
    await memocha.go("milvus");
  }
  await expect(page.getByText("Memory works with less")).toHaveCount(0, { timeout: 60_000 });
  await chat.talk("And what does Biscuit the dog love to eat?");
  await expect(page.getByText("Memory was searched by words alone")).toHaveCount(1);
});

test("the model away: said so, what is said is kept, and answered when the model is back", async ({
  page,
  chat,
  memocha,
}) => {
  test.setTimeout(240_000);
  await chat.open();
  await memocha.stop("model");
  const banner = page.getByText("The model does not answer.", { exact: false }).first();
  try {
    await chat.say("Are you there?");
    // A page that was not told of it looks once a minute.
    await expect(banner).toBeAttached({ timeout: 90_000 });
    const alert = page.getByRole("main").getByRole("alert");
    await expect(alert).toContainText("Your message is kept", { timeout: 60_000 });
    // The rest works meanwhile.
    await page.getByRole("link", { name: "Memory", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Memory");
    await page.goBack();
    await expect(chat.question("Are you there?")).toBeVisible();
  } finally {
    await memocha.go("model");
  }
  await expect(banner).toHaveCount(0, { timeout: 60_000 });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(chat.answers).toHaveText("I see.");
  await chat.done();
  await expect(chat.question("Are you there?")).toHaveCount(1);
});
