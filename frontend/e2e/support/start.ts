import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const OWN = `${ROOT}.venv/bin/python`;
/** Milliseconds that the parts may take to be ready; the first time weights are fetched. */
const PATIENCE = 300_000;

/** Settings of the service, by the names of their variables. */
export type Settings = Record<string, string>;

/** Where a started Memocha is. */
export interface Started {
  /** What the browser opens. */
  service: string;
  /** Where tests say what its model answers, and what becomes of its parts. */
  control: string;
  end(): Promise<void>;
}

/** Starts a Memocha with a scripted model, set as told and as `MEMOCHA_E2E_SETTINGS` says. */
export async function start(settings: Settings): Promise<Started> {
  if (!existsSync(`${ROOT}frontend/out/index.html`)) throw new Error("out/ is not built. Run: npm run build");
  const python = process.env.PYTHON ?? (existsSync(OWN) ? OWN : "python3");
  const told = process.env.MEMOCHA_E2E_SETTINGS?.split(" ") ?? [];
  const all = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...told];
  const child = spawn(
    python,
    ["-m", "tests.support.serve_for_browser", ...all.flatMap((setting) => ["--set", setting])],
    { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
  );
  const where = JSON.parse(await firstLine(child)) as { service: string; control: string };
  return { ...where, end: () => end(child) };
}

function firstLine(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => {
      service.kill();
      reject(new Error(`the service was not ready within ${PATIENCE / 1_000} s`));
    }, PATIENCE);
    service.stdout?.on("data", (piece: Buffer) => {
      text += piece.toString();
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve(text);
    });
    service.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with ${code}`));
    });
    service.on("error", reject);
  });
}

/** It ends when its input does, and takes its parts with it. */
function end(service: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (service.exitCode !== null) return resolve();
    service.removeAllListeners("exit");
    service.on("exit", () => resolve());
    service.stdin?.end();
  });
}
