import { expect, test } from "./support/test";

const DAY = 86_400_000;

test("which memories are shown: by kind, mark, chat and time, and by the way back", async ({
  page,
  cards,
  memocha,
}) => {
  await memocha.tell({
    facts: {
      "I live in Porto": [{ fact: "I live in Porto" }],
      "I live in Lisbon": [{ fact: "I live in Lisbon" }],
    },
    compares: { "I live in Lisbon": ["contradicts", "I live in Porto"] },
    answers: [
      { when: "Porto", say: [{ text: "A rainy one." }] },
      { when: "Lisbon", say: [{ text: "A bright one." }] },
    ],
  });
  const long = new Date(Date.now() - 20 * DAY).toISOString();
  await memocha.take([
    { session: { id: "old", title: "Long ago", created_at: long } },
    { message: { id: "m", role: "user", content: "My bicycle is green.", created_at: long } },
  ]);
  const moved = await memocha.say("I live in Porto.");
  await memocha.facts(1);
  await memocha.say("I live in Lisbon now.", moved);
  await memocha.facts(2);
  await memocha.ask("PATCH", `/api/sessions/${moved}`, { title: "Moving" });
  const [nuts, tea] = await memocha.remember("I am allergic to hazelnuts.", "I drink no tea.");
  await memocha.ask("PATCH", `/api/memories/${nuts?.id}`, { pinned: true });
  await memocha.ask("PATCH", `/api/memories/${tea?.id}`, { state: "paused" });
  const said = ["“I live in Porto.”", "“I live in Lisbon now.”"];
  const changed = cards.all.filter({ hasText: /^I live in Lisbon(?! now)/ });

  await cards.open("?time=custom");
  await page
    .getByLabel("From", { exact: true })
    .fill(new Date(Date.now() - 3 * DAY).toISOString().slice(0, 10));
  await expect(cards.all).toHaveCount(5);
  await cards.filter("Facts");
  await expect(cards.all).toHaveCount(3);
  await expect(changed).toContainText(/I live in Porto until/);
  await cards.filter("Moments");
  await cards.shows(...said);
  const answers = page.getByRole("button", { name: "and 2 answers of Memocha’s" });
  await answers.click();
  await cards.shows(...said, "A rainy one.", "A bright one.");
  await answers.click();
  await page.getByRole("button", { name: "From … to" }).click();
  await page.getByRole("menuitemradio", { name: "Any time" }).click();
  await cards.shows(...said, "My bicycle is green.");
  await page.getByRole("button", { name: "Any chat" }).click();
  await page.getByRole("dialog").getByRole("searchbox", { name: "Find a chat" }).fill("long");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Long ago/ })
    .click();
  await cards.shows("My bicycle is green.");
  await page.goBack();
  await cards.shows(...said, "My bicycle is green.");

  await cards.filter("All");
  await cards.filter("Pinned");
  await cards.shows("hazelnuts");
  await cards.filter("Paused");
  await expect(page.getByRole("heading", { name: "No memory is all of this" })).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).first().click();
  await cards.filter("Paused");
  await cards.shows("I drink no tea.");
  await cards.filter("Paused");
  await cards.filter("Changed");
  await expect(cards.all).toHaveCount(1);
  await page.reload();
  await expect(changed).toBeVisible();
  await expect(cards.all).toHaveCount(1);

  await changed.getByRole("button", { name: "History" }).click();
  const detail = page.getByRole("dialog", { name: "Where this comes from" });
  await expect(detail.getByRole("listitem").filter({ hasText: "I live in Porto" })).toContainText(/until/);
  await expect(detail.getByRole("listitem").filter({ hasText: "“I live in Lisbon" })).toContainText("Moving");
  await detail.getByRole("button", { name: "Open message" }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${moved}#m-`));
  await expect(page.getByRole("main")).toContainText("I live in Lisbon now.");
});

test("a search keeps to the filters, and says which are set", async ({ page, cards, memocha }) => {
  await memocha.tell({ answers: [{ when: "paddled", say: [{ text: "A kayak is a fine thing." }] }] });
  const told = await memocha.say("Yesterday I paddled in my green kayak.");
  await memocha.ask("PATCH", `/api/sessions/${told}`, { title: "On the river" });
  const [kayak] = await memocha.remember("I own a green kayak.", "My kayak leaks.");
  await memocha.ask("PATCH", `/api/memories/${kayak?.id}`, { pinned: true });
  await memocha.found("A kayak is a fine thing.");
  await cards.open("?kind=fact");
  await cards.question.fill("What do you know about my kayak?");
  // Before the question is asked, which is a moment after the last key.
  await cards.filter("Pinned");
  await expect(page).toHaveURL(/q=.*kind=fact.*pinned=1/);
  await cards.shows("I own a green kayak.");
  await expect(page.getByText("Only: Facts · Pinned", { exact: true })).toBeVisible();
  await cards.filter("Pinned");
  await cards.shows("I own a green kayak.", "My kayak leaks.");
  await cards.filter("Moments");
  await cards.filter("Pinned");
  await expect(page.getByText(/^With these filters nothing that you told fits/)).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).first().click();
  await expect(cards.question).toHaveValue("What do you know about my kayak?");
  await cards.shows("I own a green kayak.", "My kayak leaks.", "Yesterday I paddled", "A kayak is a fine");

  await page.getByRole("button", { name: "Any chat" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^On the river/ })
    .click();
  await cards.shows("Yesterday I paddled", "A kayak is a fine");
  await page.getByRole("button", { name: "Clear the question" }).click();
  await expect(cards.card("Yesterday I paddled")).toBeVisible();
  await expect(cards.card("My kayak leaks.")).toHaveCount(0);
});

test("paused: no answer is given it, until it is resumed", async ({ page, chat, cards, memocha }) => {
  await memocha.remember("My sister Ada plays the cello.", "My sister Ada lives in Faro.");
  const question = "What does my sister Ada play, and where does she live?";
  await cards.open();
  await cards.choose("cello", "Pause");
  await expect(cards.card("cello")).toContainText("paused · not recalled");

  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk(question);
  await chat.memories.click();
  await expect(chat.panel.getByRole("article")).toHaveText([/Faro/]);
  expect(await memocha.promptOf(question)).not.toContain("cello");

  await page.getByRole("link", { name: "Memory", exact: true }).click();
  await cards.choose("cello", "Resume");
  await expect(cards.card("cello")).not.toContainText("paused");
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk(question);
  await chat.memories.click();
  await expect(chat.panel.getByRole("article").filter({ hasText: "cello" })).toBeVisible();
});

test("pinned: of all that is known it is among what answers are given", async ({
  page,
  chat,
  cards,
  memocha,
}) => {
  await memocha.remember("I play the nose flute.");
  const more = [
    "a bicycle",
    "a kayak",
    "a boat",
    "a cabin",
    "a piano",
    "a drone",
    "a tent",
    "a loom",
    "a kiln",
  ];
  await memocha.remember(...more.map((thing) => `I own ${thing}.`));
  const question = "What do you know about me?";
  await chat.open();
  await chat.talk(question);
  await chat.memories.click();
  await expect(chat.panel.getByRole("article").first()).toBeVisible();
  await expect(chat.panel).not.toContainText("nose flute");

  await page.getByRole("link", { name: "Memory", exact: true }).click();
  await cards.choose("nose flute", "Pin");
  await expect(cards.card("nose flute").getByText("Pinned")).toBeAttached();
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.talk(question);
  await chat.memories.click();
  const given = chat.panel.getByRole("article").filter({ hasText: "nose flute" });
  await expect(given.getByRole("img", { name: "Pinned" })).toBeVisible();
  await given.getByRole("button", { name: "Unpin" }).click();
  await expect(given.getByRole("img", { name: "Pinned" })).toHaveCount(0);
});

test("added by hand, put right, and the new words are what answers are given", async ({
  page,
  chat,
  cards,
  memocha,
}) => {
  await page.goto("/memory");
  await page.getByRole("button", { name: "Add by hand" }).click();
  const dialog = page.getByRole("dialog", { name: "Remember something" });
  await dialog
    .getByRole("textbox", { name: "What shall be remembered?" })
    .fill("My locker has the number 417.");
  await dialog.getByLabel("True since").fill("2026-02-03");
  await dialog.getByRole("button", { name: "Remember", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(cards.card("417")).toBeVisible();
  await cards.choose("417", "Edit");
  const words = page.getByRole("textbox", { name: "What is remembered" });
  await words.fill("These words are not kept.");
  await words.press("Escape");
  await expect(cards.card("My locker has the number 417.")).toBeFocused();
  await page.keyboard.press("e");
  await words.fill("My locker has the number 528.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(cards.all).toHaveText([/My locker has the number 528\./]);
  await memocha.found("My locker has the number 528.");

  await page.getByRole("link", { name: "New chat" }).click();
  const question = "Which number does my locker have?";
  await chat.talk(question);
  await chat.memories.click();
  await expect(chat.panel.getByRole("article")).toHaveText([/My locker has the number 528\./]);
  const prompt = await memocha.promptOf(question);
  expect(prompt).toContain("528");
  expect(prompt).not.toContain("417");
  await chat.panel.getByRole("button", { name: "History" }).click();
  const detail = page.getByRole("dialog", { name: "Where this comes from" });
  await expect(detail).toContainText("since February");
  await expect(detail).toContainText("recalled once");
  await expect(detail.getByRole("listitem").filter({ hasText: "You changed its words" })).toContainText(
    "417",
  );
});

test("what one is at stays as it is while something new is remembered", async ({ page, cards, memocha }) => {
  await memocha.remember("I own a kayak.", "I own a kiln.");
  await cards.open();
  await cards.card("kiln").getByRole("button", { name: "Actions" }).press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await memocha.remember("I own a loom.");
  await expect(cards.card("loom")).toBeVisible();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const words = page.getByRole("textbox", { name: "What is remembered" });
  await words.fill("I owned a kiln.");
  await memocha.remember("I own a tent.");
  await expect(cards.card("tent")).toBeVisible();
  await expect(words).toBeFocused();
  await expect(words).toHaveValue("I owned a kiln.");
});

test("many at once: pinned, paused, forgotten and taken back, forgotten for good", async ({
  page,
  cards,
  memocha,
}) => {
  await memocha.remember("I own a kayak.", "I own a kiln.", "I own a loom.");
  const pinned = () => memocha.memories("&pinned=true");
  await cards.open();
  const boxes = page.getByRole("checkbox", { name: "Select", exact: true });
  await boxes.first().click();
  await boxes.last().click({ modifiers: ["Shift"] });
  await expect(cards.selection).toContainText("3 selected");
  await cards.card("kiln").getByRole("checkbox").click();
  await expect(cards.selection).toContainText("2 selected");
  await cards.selection.getByRole("button", { name: "Pin" }).click();
  await expect(cards.selection.getByRole("button", { name: "Unpin" })).toBeVisible();
  await expect
    .poll(async () => (await pinned()).map(({ text }) => text).sort())
    .toEqual(["I own a kayak.", "I own a loom."]);
  await cards.selection.getByRole("button", { name: "Pause" }).click();
  await expect(cards.all.filter({ hasText: "paused · not recalled" })).toHaveCount(2);

  await cards.selection.getByRole("button", { name: "Forget" }).click();
  await cards.shows("kiln");
  await expect(cards.selection).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await cards.shows("kayak", "kiln", "loom");
  expect(await memocha.memories()).toHaveLength(3);

  await page.getByRole("button", { name: "Select day" }).click();
  await expect(cards.selection).toContainText("3 selected");
  await page.keyboard.press("Delete");
  await expect(page.getByText("3 memories forgotten. The chat keeps its messages.")).toBeVisible();
  // Which needs no waiting until nobody can take it back.
  await page.getByRole("button", { name: "Dismiss" }).click();
  await memocha.until(async () => (await memocha.memories()).length === 0, "all three are gone");
  await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
});

test("what is remembered in a chat is forgotten there at once, taken back, and forgotten for good", async ({
  page,
  chat,
  cards,
  memocha,
}) => {
  await memocha.tell({ facts: { "I keep bees": [{ fact: "I keep bees" }] } });
  await chat.open();
  await chat.talk("By the way, I keep bees on the roof.");
  await memocha.read();
  const learned = page.getByText("Remembered: I keep bees");
  const forget = page.getByRole("button", { name: "Forget: I keep bees" });
  await expect(learned).toBeVisible();
  await forget.click();
  await expect(page.getByText("Forgotten: I keep bees")).toBeVisible();
  await expect(learned).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(learned).toBeVisible();
  expect(await memocha.memories("&kind=fact")).toHaveLength(1);

  await forget.click();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await memocha.until(async () => (await memocha.memories("&kind=fact")).length === 0, "it is forgotten");
  // It is not learned again of the same words, though they are read again with what follows.
  await memocha.tell({
    facts: { "I keep bees": [{ fact: "I keep bees" }], "I sell honey": [{ fact: "I sell honey" }] },
  });
  await chat.talk("And I sell honey.");
  await memocha.read();
  await expect(page.getByText("Remembered: I sell honey")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Remembered: I sell honey")).toBeVisible();
  await expect(learned).toHaveCount(0);
  await cards.open("?kind=fact");
  await cards.shows("I sell honey");
});
