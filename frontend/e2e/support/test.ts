import { test as base } from "@playwright/test";
import { Cards } from "./cards";
import { Chat } from "./chat";
import { Memocha } from "./memocha";
import { type Settings, type Started, start } from "./start";
import { Watch } from "./watch";

interface Parts {
  memocha: Memocha;
  watch: Watch;
  chat: Chat;
  cards: Cards;
}

interface WorkersParts {
  /** What is set otherwise; tests that say so have a service of their own. */
  settings: Settings;
  started: Started;
}

/** A test of a person's own Memocha, empty at first. It fails where the page complained of anything. */
export const test = base.extend<Parts, WorkersParts>({
  settings: [{}, { option: true, scope: "worker" }],
  started: [
    async ({ settings }, use) => {
      const started = await start(settings);
      await use(started);
      await started.end();
    },
    { scope: "worker", timeout: 320_000 },
  ],
  memocha: async ({ started, settings }, use) => {
    const memocha = new Memocha(started, settings.MEMOCHA_API_KEY);
    // Where there are accounts nothing can be asked before somebody signs in; each test makes its own.
    if (settings.MEMOCHA_AUTH !== "accounts") await memocha.fresh();
    await use(memocha);
  },
  baseURL: async ({ memocha }, use) => use(memocha.url),
  watch: [
    async ({ context }, use) => {
      const watch = new Watch(context);
      await use(watch);
      watch.check();
    },
    { auto: true },
  ],
  chat: async ({ page, memocha: _ }, use) => use(new Chat(page)),
  cards: async ({ page, memocha: _ }, use) => use(new Cards(page)),
});

export { expect } from "@playwright/test";
