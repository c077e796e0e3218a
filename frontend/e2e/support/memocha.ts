import type { components } from "../../src/api/schema";
import type { Started } from "./start";

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

/** What the model was asked. */
export interface Asked {
  prompt: string;
  model: string;
  temperature: number | null;
  max_tokens: number | null;
}

export type Part = "service" | "supervisor" | "postgres" | "milvus" | "model";

/** How the model is asked for a title. */
const TITLING = "You give conversations a title";
/** Milliseconds between two looks at something awaited. */
const EVERY = 150;

/** The running service, as a test commands it and looks into it beside the browser. */
export class Memocha {
  readonly url: string;
  private readonly control: string;

  /** `key`: what the service wants to see, where it wants any. */
  constructor(
    started: Started,
    private readonly key?: string,
  ) {
    this.url = started.service;
    this.control = started.control;
  }

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

  /** Make an account, where the service has accounts. */
  account(login: string, password: string, role: "member" | "admin" = "member"): Promise<unknown> {
    return this.order("/user", { login, password, role });
  }

  /** What the model was asked, newest last. */
  async asked(): Promise<Asked[]> {
    return (await checked(await fetch(`${this.control}/model`))).json() as Promise<Asked[]>;
  }

  /** What it was asked for an answer to these words, and not for a title of them. */
  async askedFor(words: string): Promise<Asked[]> {
    return (await this.asked()).filter(
      ({ prompt }) => prompt.trimEnd().endsWith(words) && !prompt.includes(TITLING),
    );
  }

  /** The prompt of the last answer to these words. */
  async promptOf(words: string): Promise<string> {
    const prompt = (await this.askedFor(words)).at(-1)?.prompt;
    if (prompt === undefined) throw new Error(`the model was not asked: ${words}`);
    return prompt;
  }

  /** Ask the interface, beside the browser. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    return (await checked(await this.send(method, path, json))).json() as Promise<T>;
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

  /** Add these by hand, beside the browser, until an answer can be given them. */
  async remember(...texts: string[]): Promise<Memory[]> {
    const memories: Memory[] = [];
    for (const text of texts) memories.push(await this.ask<Memory>("POST", "/api/memories", { text }));
    for (const text of texts) await this.found(text);
    return memories;
  }

  /** Have facts taken of what was said by now, without the seconds until it looks for that by itself. */
  read(): Promise<unknown> {
    return this.order("/read");
  }

  /** Wait until so many facts are known at least, what was superseded among them. */
  async facts(count: number): Promise<void> {
    await this.read();
    const known = async () => (await this.memories("&kind=fact")).length >= count;
    await this.until(known, `${count} facts are known`, 180);
  }

  /** Wait until a search finds these very words. */
  found(text: string): Promise<boolean> {
    const search = `/api/memories/search?q=${encodeURIComponent(text)}`;
    return this.until(async () => {
      const { items } = await this.ask<{ items: Memory[] }>("GET", search);
      return items.some((memory) => memory.text === text);
    }, `“${text}” is found`);
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
    const headers = { accept: "application/json" };
    const answer = await this.send("POST", "/api/chat", JSON.stringify(body), headers);
    const { session_id: id } = (await (await checked(answer)).json()) as { session_id: string };
    return id;
  }

  /** Take these lines in, until all of it is searchable. */
  async take(lines: unknown[]): Promise<void> {
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    const answer = await this.send("POST", "/api/import", body, { "content-type": "application/x-ndjson" });
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

  private send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.key && { authorization: `Bearer ${this.key}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body,
    });
  }

  private async order(path: string, body: unknown = {}): Promise<unknown> {
    const answer = await fetch(`${this.control}${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await checked(answer)).json();
  }
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
}
