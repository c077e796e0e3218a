import { expect, test } from "./support/test";

test("whatever goes wrong in any page of a test fails it", async ({ page, context, chat, watch }) => {
  await context.route("**/broken", (route) => route.abort("connectionreset"));
  await chat.open();
  expect(watch.unexpected()).toEqual([]);
  const opening = context.waitForEvent("page");
  await page.evaluate(() => void window.open("/"));
  for (const each of [page, await opening]) {
    await each.waitForLoadState();
    await each.evaluate(() => {
      // biome-ignore lint/suspicious/noConsole: it is one of the wrongs
      console.error("said on the console");
      // biome-ignore lint/suspicious/noConsole: and so is this
      console.warn("warned of");
      setTimeout(() => {
        throw new Error("thrown where nobody catches");
      });
      void Promise.reject(new Error("rejected where nobody catches"));
      const script = document.createElement("script");
      script.textContent = "window.hit = true";
      document.head.append(script);
      void fetch("https://elsewhere.example/").catch(() => {});
      void fetch("/broken").catch(() => {});
      void fetch("/api/sessions/none");
    });
  }
  const wrongs = [
    /^error: said on the console/,
    /^warning: warned of/,
    /^uncaught: .*thrown where nobody catches/,
    /^uncaught: .*rejected where nobody catches/,
    /^error: Executing inline script violates .*Content Security Policy/,
    /^error: Connecting to 'https:\/\/elsewhere\.example\/' violates .*Content Security Policy/,
    /^failed: GET .*\/broken net::ERR_CONNECTION_RESET/,
    /^422: GET .*\/api\/sessions\/none/,
  ];
  for (const wrong of wrongs) {
    const times = () => watch.unexpected().filter((line) => wrong.test(line)).length;
    await expect.poll(times, String(wrong)).toBe(2);
  }
  watch.expects(...wrongs, /elsewhere\.example/, /status of 422/, /ERR_CONNECTION_RESET/);
});
