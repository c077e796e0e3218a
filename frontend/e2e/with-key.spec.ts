import { sound } from "./support/sound";
import { expect, test } from "./support/test";

const KEY = "a-key-of-enough-characters";

// What takes a service of its own: one that is not open to everybody, and has more than one model.
test.use({
  settings: { MEMOCHA_API_KEY: KEY, MEMOCHA_LLM_FALLBACKS: '["openai:scripted-large"]' },
});

test("a service that wants a key: asked for, a wrong one refused, the right one kept, and given up again", async ({
  page,
  chat,
  memocha,
  watch,
}) => {
  await memocha.say("Something that nobody else may read");
  watch.expects(/401/);
  await page.goto("/");
  const gate = page.getByRole("dialog", { name: "This Memocha wants a key" });
  const field = gate.getByLabel("Key", { exact: true });
  await expect(field).toBeFocused();
  await sound(page, "the key gate");
  await field.fill("a-wrong-key-of-enough-characters");
  await page.keyboard.press("Enter");
  await expect(gate).toContainText("Memocha does not take this key. Nothing was kept.");
  await sound(page, "the key gate, after a wrong key");
  await expect(page.getByText("Something that nobody else may read")).toHaveCount(0);
  await field.fill(KEY);
  await gate.getByRole("button", { name: "Use it" }).click();
  await expect(gate).toHaveCount(0);
  const sidebar = page.getByRole("navigation", { name: "Navigation" });
  await expect(sidebar.getByRole("listitem")).toHaveCount(1);
  await chat.talk("Who goes there?");

  await page.reload();
  await expect(chat.answers).toHaveText("I see.");
  await chat.talk("And now?");
  await expect(gate).toHaveCount(0);

  await page.goto("/settings#keys");
  await expect(page.getByText("A key is kept in this browser. It ends in ters.")).toBeVisible();
  await page.getByRole("button", { name: "Forget it here" }).click();
  await expect(gate).toBeVisible();
  await page.reload();
  await expect(gate).toBeVisible();
});

test("LangServe's playground: the key is asked for, a wrong one refused, the right one kept for this tab alone", async ({
  page,
  context,
  memocha,
  watch,
}) => {
  watch.expects(/401/);
  await memocha.tell({ answers: [{ when: "Who goes there?", say: [{ text: "A friend of yours." }] }] });
  await page.goto("/chat/playground/");
  const gate = page.getByRole("dialog", { name: "This Memocha wants a key" });
  const field = gate.getByLabel("Key", { exact: true });
  const said = page.locator("div[aria-hidden=true]");
  await page.getByPlaceholder("Send a message...").fill("Who goes there?");
  await page.locator("button.bg-button-green").click();
  await expect(field).toBeFocused();
  await expect(gate).toContainText("It is the one in MEMOCHA_API_KEY.");
  await field.fill("a-wrong-key-of-enough-characters");
  await page.keyboard.press("Enter");
  await expect(gate).toContainText("It does not take the key that was given.");
  await field.fill(KEY);
  await gate.getByRole("button", { name: "Use it" }).click();
  await expect(gate).toHaveCount(0);
  await expect(said.filter({ hasText: "A friend of yours." })).toBeVisible();

  await page.reload();
  await page.getByPlaceholder("Send a message...").fill("And now?");
  await page.locator("button.bg-button-green").click();
  await expect(said.filter({ hasText: "I see." })).toBeVisible();
  expect(await memocha.sessions()).toHaveLength(2);

  // Its own script says so where it is refused.
  watch.expects(/uncaught: Error: Expected content-type to be text\/event-stream/);
  const other = await context.newPage();
  await other.goto("/chat/playground/");
  await other.getByPlaceholder("Send a message...").fill("Not for everybody");
  await other.locator("button.bg-button-green").click();
  const again = other.getByRole("dialog", { name: "This Memocha wants a key" });
  await again.getByRole("button", { name: "Cancel" }).click();
  await expect(again).toHaveCount(0);
  expect(await memocha.sessions()).toHaveLength(2);
});

test("another model, its temperature and the longest answer: chosen, sent with each message, kept", async ({
  page,
  chat,
  memocha,
}) => {
  const say = [{ text: "One two three four five six seven." }];
  await memocha.tell({ answers: [{ when: "Count", say }] });
  await page.addInitScript((key) => localStorage.setItem("memocha:key", key), KEY);
  await chat.open();
  const usual = "Count as usual";
  await chat.talk(usual);
  const before = (await memocha.askedFor(usual)).at(-1);
  expect(before).toMatchObject({ model: "scripted" });

  await page.getByRole("button", { name: "Model: scripted", exact: true }).click();
  await page.getByRole("menuitemradio", { name: /^scripted-large/ }).click();
  await expect(page.getByRole("button", { name: "Model: scripted-large" })).toBeVisible();
  await chat.talk("Count with the large one");
  expect((await memocha.askedFor("Count with the large one")).at(-1)).toMatchObject({
    ...before,
    prompt: expect.anything(),
    model: "scripted-large",
  });

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Answers" }).click();
  await expect(page.getByRole("radio", { name: /^scripted-large/ })).toBeChecked();
  await page.getByText("Advanced").click();
  const temperature = page.getByRole("slider", { name: "Temperature" });
  await temperature.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByText("1.9", { exact: true })).toBeVisible();
  const longest = page.getByRole("textbox", { name: "Longest answer, in tokens" });
  await longest.fill("many");
  await expect(page.getByText(/Write a whole number/)).toBeVisible();
  await longest.fill("3");
  await page.reload();
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk("Count briefly and freely");
  await expect(chat.answers).toHaveText("One two three");
  await expect(page.getByText("Cut off at the longest answer")).toBeVisible();
  const sent = { model: "scripted-large", temperature: 1.9, max_tokens: 3 };
  expect((await memocha.askedFor("Count briefly and freely")).at(-1)).toMatchObject(sent);

  await page.goto("/settings#answers");
  await page.getByText("Advanced").click();
  await page.getByRole("button", { name: "As usual" }).click();
  await longest.fill("");
  await page.getByRole("radio", { name: /^scripted(?!-)/ }).check();
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk("Count as you used to");
  expect((await memocha.askedFor("Count as you used to")).at(-1)).toMatchObject({
    ...before,
    prompt: expect.anything(),
  });
});
