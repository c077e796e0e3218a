import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HEAD_SCRIPT, SIDEBAR_KEY, TEXT_KEY, THEME_KEY } from "./head-script";

const noted = document.documentElement.dataset;

function run(): void {
  new Function(HEAD_SCRIPT)();
}

beforeEach(() => {
  for (const name of Object.keys(noted)) delete noted[name];
});
afterEach(() => vi.restoreAllMocks());

it.each([
  ["/", ["en-GB"], null, true],
  ["/?from=elsewhere", ["en"], null, true],
  ["/index.html", ["en"], null, true],
  // No language that there are texts in: English.
  ["/", ["de-DE", "fr"], null, true],
  ["/", ["de-DE", "zh-TW", "en"], null, false],
  ["/", ["zh-CN"], "en", true],
  ["/", ["en-GB"], "zh", false],
  // What is kept is none of the languages.
  ["/", ["zh-CN"], "tlh", false],
  ["/settings", ["en"], null, false],
  ["/memory", ["en"], null, false],
  ["/c/00000000-0000-4000-8000-000000000000", ["en"], null, false],
])("tells whether the greeting is shown: %s in %s, %s chosen", (path, languages, chosen, shown) => {
  window.history.replaceState(null, "", path);
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
  if (chosen !== null) localStorage.setItem("memocha:language", chosen);
  run();
  expect("greeting" in noted).toBe(shown);
});

it("notes what was chosen for the look", () => {
  localStorage.setItem(THEME_KEY, "dark");
  localStorage.setItem(TEXT_KEY, "large");
  localStorage.setItem(SIDEBAR_KEY, "closed");
  run();
  expect(noted).toMatchObject({ theme: "dark", text: "large", sidebar: "closed" });
});

it("leaves the page as it is where nothing can be kept", () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  run();
  expect({ ...noted }).toEqual({});
});
