import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

/** What one run measured, by name, with the unit in it. */
export type Run = Record<string, number>;

/** Gathers runs, and keeps them with their median in bench/results/<name>.json. */
export class Figures {
  readonly #name: string;
  readonly #load = loadavg()[0] ?? 0;
  readonly runs: Run[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  get median(): Run {
    return Object.fromEntries(
      Object.keys(this.runs[0] ?? {}).map((name) => [name, middle(this.runs.map((run) => run[name] ?? 0))]),
    );
  }

  async keep(): Promise<void> {
    const machine = {
      date: new Date().toISOString(),
      cores: cpus().length,
      cpu: cpus()[0]?.model,
      load_1m: round(this.#load),
      load_1m_after: round(loadavg()[0] ?? 0),
    };
    const figures = { median: this.median, runs: this.runs };
    const path = fileURLToPath(new URL(`../../../bench/results/${this.#name}.json`, import.meta.url));
    await writeFile(path, `${JSON.stringify({ name: this.#name, machine, figures }, null, 2)}\n`);
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  }
}

function middle(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
