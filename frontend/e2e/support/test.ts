import { test as base } from "@playwright/test";
import { Chat } from "./chat";
import { Memocha } from "./memocha";
import { Watch } from "./watch";

interface Parts {
  memocha: Memocha;
  watch: Watch;
  chat: Chat;
}

/** A test of a person's own Memocha, empty at first. It fails where the page complained of anything. */
export const test = base.extend<Parts>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants to see what a fixture takes
  memocha: async ({}, use) => {
    const memocha = new Memocha();
    await memocha.fresh();
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
});

export { expect } from "@playwright/test";
