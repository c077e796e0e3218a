import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

const GREETING = "What should I remember?";
const PHONE = { width: 412, height: 823 };

/** Have no script of the page come before it is let through. */
async function holdScripts(page: Page): Promise<() => void> {
  let letThrough = (): void => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route("**/_next/**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  return letThrough;
}

/** Where the words stand that one sees first. */
async function places(page: Page) {
  const words = [page.getByText(GREETING), page.getByText("What you tell me in one chat")];
  return Promise.all(
    [...words, page.getByText("What do you know about me?")].map((each) => each.boundingBox()),
  );
}

for (const { name, size, kept } of [
  { name: "a phone", size: PHONE, kept: {} },
  { name: "a phone with large text", size: PHONE, kept: { "memocha:text": "larger" } },
  { name: "a wide screen", size: { width: 1440, height: 900 }, kept: {} },
  {
    name: "a wide screen without sidebar",
    size: { width: 1440, height: 900 },
    kept: { "memocha:sidebar": "closed" },
  },
]) {
  test.describe(name, () => {
    test.use({ viewport: size, hasTouch: size === PHONE, isMobile: size === PHONE });

    test("the greeting is there before any script, and stays where it is", async ({ page, chat }) => {
      await page.addInitScript((entries) => {
        for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
      }, kept);
      const letThrough = await holdScripts(page);
      await page.goto("/", { waitUntil: "commit" });
      await expect(page.getByText(GREETING)).toBeVisible();
      const before = await places(page);
      letThrough();
      await expect(chat.composer).toBeVisible();
      expect(await places(page)).toEqual(before);
    });
  });
}

test("the greeting is not shown where something else will be, or in other words", async ({
  page,
  memocha,
}) => {
  const session = await memocha.say("Hello.");
  for (const [path, language] of [
    [`/c/${session}`, "en"],
    ["/memory", "en"],
    ["/settings", "en"],
    ["/", "zh"],
  ] as const) {
    await page.addInitScript((chosen) => localStorage.setItem("memocha:language", chosen), language);
    const letThrough = await holdScripts(page);
    await page.goto(path, { waitUntil: "commit" });
    await expect(page.locator("[aria-busy]")).toBeVisible();
    await expect(page.getByText(GREETING)).toBeHidden();
    letThrough();
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByText(GREETING)).toBeHidden();
    await page.unroute("**/_next/**/*.js");
  }
});
