import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const OWN = `${ROOT}.venv/bin/python`;
/** Milliseconds that the parts may take to be ready; the first time weights are fetched. */
const PATIENCE = 300_000;

/** Starts a Memocha with a scripted model for this run, and ends it afterwards. */
export default async function start(): Promise<() => Promise<void>> {
  if (!existsSync(`${ROOT}frontend/out/index.html`)) throw new Error("out/ is not built. Run: npm run build");
  const python = process.env.PYTHON ?? (existsSync(OWN) ? OWN : "python3");
  const model = process.env.MEMOCHA_E2E_SETTINGS?.split(" ").flatMap((setting) => ["--set", setting]) ?? [];
  const service = spawn(python, ["-m", "tests.support.serve_for_browser", ...model], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { service: address, control } = JSON.parse(await firstLine(service));
  process.env.MEMOCHA_URL = address;
  process.env.MEMOCHA_CONTROL = control;
  return () => end(service);
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
