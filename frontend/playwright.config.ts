import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { CHROMIUM, FLAGS } from "./e2e/support/chromium";

/**
 * Each worker has a service of its own with a scripted model, over the build in out/ (e2e/support/start.ts).
 * `tests` are the browser's tests; `pictures`, `lighthouse` and `trace` make what docs/ shows.
 */
export default defineConfig({
  testDir: "./e2e",
  outputDir: "./test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  // Busy machines are slow, and no test waits longer than it has to.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./e2e/support/count-reporter.ts"]],
  projects: [
    // A machine that stands still for some seconds fails one try; a defect fails both.
    { name: "tests", testMatch: /.*\.spec\.ts/, retries: 1 },
    { name: "pictures", testMatch: "made/pictures.ts", workers: 1 },
    { name: "lighthouse", testMatch: "made/lighthouse.ts", workers: 1 },
    { name: "trace", testMatch: ["made/trace.ts", "made/opening.ts"], workers: 1 },
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
    colorScheme: "light",
    screenshot: "only-on-failure",
    actionTimeout: 20_000,
    launchOptions: {
      // Where there is neither Debian's nor a named one, Playwright's own.
      executablePath: existsSync(CHROMIUM) ? CHROMIUM : undefined,
      args: FLAGS,
    },
  },
});
