import type { components } from "../../src/api/schema";

type Schemas = components["schemas"];
/** Of an answer nothing is left out. */
export type Message = Required<Schemas["Message"]>;
export type Memory = Schemas["Memory"];
export type Session = Schemas["Session"];
type Job = Schemas["Job"];

/** How the model answers one question; what is left out is as in tests/support/model_server.py. */
export interface Say {
  text?: string;
  /** Tokens a second; 200 where it is left out. */
  rate?: number;
  /** Seconds before the first token. */
  think?: number;
  status?: number;
  error?: Record<string, string>;
}

/** What the model is to do, by words of what it reads. */
export interface Lines {
  answers?: { when: string; say: Say[] }[];
  facts?: Record<string, { fact: string; quote?: string; since?: string }[]>;
  compares?: Record<string, [relation: string, known: string]>;
  titles?: Record<string, string>;
  days?: Record<string, string[]>;
}

export type Part = "service" | "supervisor" | "postgres" | "milvus" | "model";

/** Milliseconds between two looks at something awaited. */
const EVERY = 150;

/** The running service, as a test commands it and looks into it beside the browser. */
export class Memocha {
  readonly url = named("MEMOCHA_URL");
  private readonly control = named("MEMOCHA_CONTROL");

  /** As on the first day: nothing kept, nothing set, no lines for the model. */
  async fresh(): Promise<void> {
    await this.tell({});
    await this.ask("DELETE", "/api/me/data");
  }

  /** Give the model its lines, in place of those it had. */
  tell(lines: Lines): Promise<unknown> {
    return this.order("/model", lines);
  }

  /** kill -9. */
  kill(part: Part): Promise<unknown> {
    return this.order(`/kill/${part}`);
  }

  /** Start all of it again. */
  start(): Promise<unknown> {
    return this.order("/start");
  }

  /** Have a part stand still. */
  stop(part: Part): Promise<unknown> {
    return this.order(`/stop/${part}`);
  }

  /** Have it go on. */
  go(part: Part): Promise<unknown> {
    return this.order(`/go/${part}`);
  }

  /** The prompts that the model was given, newest last. */
  async prompts(): Promise<string[]> {
    return (await checked(await fetch(`${this.control}/model`))).json() as Promise<string[]>;
  }

  /** Ask the interface, beside the browser. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return (await checked(answer)).json() as Promise<T>;
  }

  async sessions(): Promise<Session[]> {
    return (await this.ask<{ items: Session[] }>("GET", "/api/sessions")).items;
  }

  /** The shown branch, oldest first. */
  async messages(sessionId: string): Promise<Message[]> {
    return (await this.ask<{ items: Message[] }>("GET", `/api/sessions/${sessionId}/messages?limit=100`))
      .items;
  }

  async memories(query = ""): Promise<Memory[]> {
    return (await this.ask<{ items: Memory[] }>("GET", `/api/memories?limit=100${query}`)).items;
  }

  /** A whole turn, beside the browser. Returns its session's id. */
  say(message: string, sessionId?: string): Promise<string> {
    return this.turn({ message, ...(sessionId ? { session_id: sessionId } : {}) });
  }

  /** Have a message answered again, to its end. */
  regenerate(sessionId: string, messageId: string): Promise<string> {
    return this.turn({ session_id: sessionId, regenerate: messageId });
  }

  private async turn(body: unknown): Promise<string> {
    const answer = await fetch(`${this.url}/api/chat`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
    const { session_id: id } = (await (await checked(answer)).json()) as { session_id: string };
    return id;
  }

  /** Take these lines in, until all of it is searchable. */
  async take(lines: unknown[]): Promise<void> {
    const answer = await fetch(`${this.url}/api/import`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
    });
    const { id } = (await (await checked(answer)).json()) as Job;
    await this.until(async () => {
      const job = await this.ask<Job>("GET", `/api/jobs/${id}`);
      if (job.state === "failed") throw new Error(`the import failed: ${job.error}`);
      return job.state === "succeeded";
    }, "the import is done");
  }

  /** Wait until something is so; what it gives then. */
  async until<T>(look: () => Promise<T>, what: string, seconds = 60): Promise<T> {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  private async order(path: string, body: unknown = {}): Promise<unknown> {
    const answer = await fetch(`${this.control}${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await checked(answer)).json();
  }
}

function named(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: e2e/support/start.ts has not run`);
  return value;
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
}
