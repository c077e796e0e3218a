import { readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { Chat } from "../support/chat";
import type { Memocha, Message } from "../support/memocha";
import { ANSWERED_MORE, ASKED, ASKED_MORE, LINES, tellStory } from "../support/story";
import { expect, test } from "../support/test";

const FOLDER = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));
const DEVICES: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
const SLOWLY = "Where could we walk before it begins?";

/** One window in which pictures are taken. */
interface Scene {
  page: Page;
  chat: Chat;
  memocha: Memocha;
  phone: boolean;
  shoot(state: string): Promise<void>;
}

/** The sessions that pictures are taken of. */
interface Story {
  dinner: string;
  branches: string;
}

test("pictures of every main state, light and dark, on a desktop and a phone", async ({
  browser,
  memocha,
}) => {
  test.setTimeout(1_800_000);
  for (const name of await readdir(FOLDER)) if (name.endsWith(".webp")) await rm(`${FOLDER}${name}`);

  async function everywhere(show: (scene: Scene) => Promise<void>): Promise<void> {
    for (const [device, options] of Object.entries(DEVICES)) {
      for (const theme of ["light", "dark"] as const) {
        const context = await browser.newContext({
          ...options,
          baseURL: memocha.url,
          locale: "en-GB",
          timezoneId: "Europe/Lisbon",
          colorScheme: theme,
          reducedMotion: "reduce",
        });
        const page = await context.newPage();
        await show({
          page,
          chat: new Chat(page),
          memocha,
          phone: device === "phone",
          shoot: (state) => shoot(page, `${state}-${theme}-${device}`),
        });
        await context.close();
      }
    }
  }
  await everywhere(empty);
  const story = await begin(memocha);
  await everywhere(async (scene) => {
    await conversation(scene, story);
    await states(scene, story);
    await memory(scene);
    await rooms(scene, story);
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  // Skeletons are no state to keep, and fonts and lists come in their time.
  await expect(page.locator("[aria-busy=true]:not(article *)")).toHaveCount(0);
  await expect(page.getByText("**")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82 });
  await session.detach();
  await writeFile(`${FOLDER}${name}.webp`, Buffer.from(data, "base64"));
}

/** Have the answers name the memories that they speak of by the numbers under which they are given. */
async function citeRightly(memocha: Memocha): Promise<void> {
  const tried = await memocha.say(ASKED);
  await memocha.say(ASKED_MORE, tried);
  const given = (await memocha.messages(tried)).flatMap(({ role, memories }) =>
    role === "assistant" ? [memories] : [],
  );
  await memocha.ask("DELETE", `/api/sessions/${tried}`);
  const numbered = (text: string, memories: Message["memories"] = []) =>
    text.replace(/\{([^}]+)\}/g, (_, words: string) => {
      const number = memories.find((memory) => memory.text.includes(words))?.number;
      return number ? ` [${number}]` : "";
    });
  await memocha.tell({
    ...LINES,
    answers: LINES.answers?.map(({ when, say }) => ({
      when,
      say: say.map(({ text = "" }) => ({ text: numbered(text, given[when === ASKED ? 0 : 1]) })),
    })),
  });
}

/** Everything that happened before the pictures. */
async function begin(memocha: Memocha): Promise<Story> {
  await tellStory(memocha);
  await citeRightly(memocha);
  const dinner = await memocha.say(ASKED);
  await memocha.say(ASKED_MORE, dinner);
  const branches = await memocha.say(ASKED);
  const answer = (await memocha.messages(branches)).at(-1);
  await memocha.regenerate(branches, answer?.id ?? "");
  await memocha.ask("PATCH", `/api/sessions/${branches}`, { title: "Another menu for Ada" });
  await memocha.until(
    async () => (await memocha.messages(dinner))[0]?.learned.length,
    "something is learned of the question",
  );
  const facts = await memocha.memories("&kind=fact");
  const id = (words: string) => facts.find((memory) => memory.text.includes(words))?.id;
  await memocha.ask("PATCH", `/api/memories/${id("turns 40")}`, { pinned: true });
  await memocha.ask("PATCH", `/api/memories/${id("flat with a garden")}`, { state: "paused" });
  await memocha.until(
    async () => (await memocha.memories("&kind=digest")).length >= 2,
    "days are written up",
    180,
  );
  return { dinner, branches };
}

async function empty({ page, chat, shoot: take }: Scene): Promise<void> {
  await chat.open();
  await expect(page.getByRole("heading", { name: "What should I remember?" })).toBeVisible();
  await take("first-run");
  await page.goto("/memory");
  await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
  await take("memory-empty");
}

async function conversation({ page, chat, memocha, phone, shoot: take }: Scene, story: Story): Promise<void> {
  await chat.open(`/c/${story.dinner}`);
  await expect(chat.answers).toHaveCount(2);
  await chat.composer.blur();
  await take("conversation");
  const chip = page.getByRole("button", { name: /^\d+ memor/ }).first();
  await chip.click();
  await expect(chat.panel.getByRole("article").first()).toBeVisible();
  await take("panel");

  await memocha.tell({
    ...LINES,
    answers: [{ when: SLOWLY, say: [{ text: ANSWERED_MORE.replace(/{[^}]+}/g, ""), think: 8, rate: 6 }] }],
  });
  await chat.open();
  await take("new-chat");
  await chat.say(SLOWLY);
  await expect(page.getByText("Thinking").first()).toHaveClass(/fade-in/);
  await take("thinking");
  await expect(chat.answers.last()).toContainText("so fireworks");
  await take("streaming");
  await chat.stop.click();
  await expect(page.getByText(/^Stopped/)).toBeVisible();
  await take("stopped");
  await memocha.ask("DELETE", `/api/sessions/${chat.sessionId()}`);

  await chat.open(`/c/${story.branches}`);
  await expect(page.getByText("Version 2 of 2")).toBeAttached();
  await take("branches");
  if (!phone) return;
  await page.getByRole("button", { name: "Open menu" }).click();
  await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
  await take("drawer");
}

async function states({ page, chat, phone, shoot: take }: Scene, story: Story): Promise<void> {
  await page.route(`**/api/sessions/${story.dinner}/messages*`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: Message[] };
    const last = body.items.at(-1);
    if (last)
      Object.assign(last, {
        content: last.content.slice(0, 130),
        finish_reason: "interrupted",
        error_code: "interrupted",
      });
    await route.fulfill({ response: answer, json: body });
  });
  await chat.open(`/c/${story.dinner}`);
  await expect(page.getByText(/was interrupted/).last()).toBeVisible();
  await take("interrupted");
  await page.unrouteAll();

  await dependencies(page, {
    model: { state: "down", detail: "It does not answer", code: "model_unavailable" },
  });
  await chat.open();
  await expect(page.getByText("The model is still loading").first()).toBeAttached();
  await take("loading");
  await page.unrouteAll();

  const progress = { processed: 1_250, total: 5_000 };
  await dependencies(page, {
    memory: { state: "degraded", detail: "Memories are being embedded anew", progress },
  });
  await chat.open(`/c/${story.dinner}`);
  await expect(page.getByText("Memories are being read anew").first()).toBeAttached();
  await take("embedding");
  await page.unrouteAll();

  await dependencies(page, { memory: { state: "degraded", detail: "The index does not answer" } });
  await chat.open(`/c/${story.dinner}`);
  await expect(page.getByText("Memory works with less").first()).toBeAttached();
  await expect(chat.answers).toHaveCount(2);
  await take("degraded");
  await page.unrouteAll();

  await chat.open();
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect(page.getByRole("heading", { name: "A temporary chat" })).toBeVisible();
  await take("temporary");

  await chat.open(`/c/${story.dinner}`);
  await expect(chat.answers).toHaveCount(2);
  if (!phone) await expect(page.getByRole("navigation").locator("a[data-session]").first()).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText("You are offline").first()).toBeAttached();
  await take("offline");
  await page.context().setOffline(false);
}

/** What the service leans on, as the page is told from now on; what is not named is well. */
async function dependencies(page: Page, named: Record<string, object>): Promise<void> {
  const well = { state: "ok", detail: null, code: null, progress: null };
  const all = { postgres: well, model: well, memory: well };
  // Which would tell otherwise.
  await page.route("**/api/events", (route) => route.abort());
  await page.route("**/ready", (route) =>
    route.fulfill({ json: { status: "degraded", dependencies: { ...all, ...named } } }),
  );
}

async function memory({ page, phone, shoot: take }: Scene): Promise<void> {
  await page.goto("/memory");
  const changed = page.getByRole("article").filter({ hasText: "I live in Lisbon, in Graça" });
  await expect(page.getByRole("article").first()).toBeVisible();
  await take("memory");
  for (const box of (await page.getByRole("checkbox", { name: "Select", exact: true }).all()).slice(0, 3))
    await box.click();
  await expect(page.getByRole("toolbar")).toBeVisible();
  await take("memory-selected");

  await page.goto("/memory?kind=fact");
  await changed.scrollIntoViewIfNeeded();
  await changed.getByRole("button", { name: "History" }).click();
  await expect(page.getByRole("dialog")).toContainText("Porto");
  await take("history");

  await page.goto("/memory?q=What+do+you+know+about+Ada%3F");
  await expect(page.getByRole("article").first()).toBeVisible();
  await take("memory-search");
  await page.goto("/memory");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Clear all" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("forget");
  await take("clear");
  await page.keyboard.press("Escape");
  if (phone) return;
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await take("import");
}

async function rooms({ page, chat, phone, shoot: take }: Scene, story: Story): Promise<void> {
  await page.goto("/settings#memory");
  await expect(page.getByText("Limits of your own")).toBeVisible();
  await take("settings");
  await page.goto("/settings#look");
  await expect(page.getByText("Theme", { exact: true }).first()).toBeVisible();
  await take("settings-look");

  await chat.open(`/c/${story.dinner}`);
  await expect(chat.answers).toHaveCount(2);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("biscuit");
  await expect(page.getByRole("option").filter({ hasText: "afraid of thunder" }).first()).toBeVisible();
  await take("palette");
  await page.keyboard.press("Escape");

  if (phone) await page.getByRole("button", { name: "Open menu" }).click();
  await page.getByRole("button", { name: "Actions for Walks near Graça for Biscuit" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await take("sessions-menu");
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await take("not-found");

  await page.evaluate(() => localStorage.setItem("memocha:language", "zh"));
  await page.goto(`/c/${story.dinner}`);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  await expect(page.locator("article .answer")).toHaveCount(2);
  await take("chinese");
  await page.goto("/memory");
  await expect(page.getByRole("article").first()).toBeVisible();
  await take("chinese-memory");
  await page.evaluate(() => localStorage.clear());
}
