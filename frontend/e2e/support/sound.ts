import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

/** Of all that axe looks for, these alone depend on colours. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Nothing that axe knows of is wrong with what is shown, in light and in dark. */
export async function sound(page: Page, what: string): Promise<void> {
  // Once a page: it takes longer to load than to run.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await settled(page);
    expect.soft(await wrongs(page, theme === "dark" ? OF_COLOURS : null), `${what}, ${theme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** What is wrong, by these rules alone or by all. */
function wrongs(page: Page, rules: string[] | null): Promise<string[]> {
  return page.evaluate(async (values) => {
    const { violations } = await window.axe.run({
      resultTypes: ["violations"],
      ...(values && { runOnly: { type: "rule", values } }),
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => {
        return `${id}: ${target.join(" ")} ${failureSummary.replace(/\s+/g, " ")}`;
      }),
    );
  }, rules);
}

/** Half faded in, colours are none that anybody reads. A change of theme goes down the page in waves. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (;;) {
      await new Promise(requestAnimationFrame);
      const fading = document
        .getAnimations()
        .filter(
          (each) => each.playState === "running" && each.effect?.getComputedTiming().endTime !== Infinity,
        );
      if (fading.length === 0) return;
      await Promise.all(fading.map((each) => each.finished.catch(() => {})));
    }
  });
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
