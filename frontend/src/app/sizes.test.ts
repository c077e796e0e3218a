import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "..");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(css|tsx)$/.test(file),
);

it("gives no text a size in pixels, so that the one set in the browser holds", () => {
  const fixed = files.flatMap((file) =>
    (
      readFileSync(join(SRC, file), "utf8").match(
        /(font-size|line-height|--text-[\w-]+): [\d.]+px|(text|leading)-\[[\d.]+px\]/g,
      ) ?? []
    ).map((found) => `${file}: ${found}`),
  );
  expect(fixed).toEqual([]);
});
