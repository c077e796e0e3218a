/** Writes src/api/schema.d.ts from the description that the service gives of itself; --check: only compares. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const FRONTEND = new URL("../", import.meta.url).pathname;
const FILE = new URL("../src/api/schema.d.ts", import.meta.url);
const HEAD =
  "// Made from the service's OpenAPI description by `npm run schema`. Change the service, not this file.\n\n";

const PROGRAM = `
import json
from app.main import create_app
from app.settings import Settings
print(json.dumps(create_app(Settings(_env_file=None)).openapi(), sort_keys=True))
`;

const own = `${FRONTEND}../.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
const described = execFileSync(python, ["-c", PROGRAM], {
  cwd: `${FRONTEND}..`,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  // What the person has set for a service of theirs changes nothing in the interface.
  env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MEMOCHA_"))),
});
const types =
  HEAD +
  astToString(
    await openapi(JSON.parse(described), {
      // What has a default may be left out of a request; of an answer nothing is (`Told`).
      defaultNonNullable: false,
    }),
  );

if (process.argv.includes("--check")) {
  const current = existsSync(FILE) ? await readFile(FILE, "utf8") : "";
  if (current !== types) {
    console.error("src/api/schema.d.ts is not what the service describes. Run: npm run schema");
    process.exit(1);
  }
  console.log("src/api/schema.d.ts is current.");
} else {
  await writeFile(FILE, types);
  console.log("Wrote src/api/schema.d.ts.");
}
