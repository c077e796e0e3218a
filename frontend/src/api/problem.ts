import { useFormatter, useTranslations } from "use-intl";
import { noteRefusal } from "./credential";
import type { Problem } from "./types";

/** Codes that the client itself gives, beside the service's. */
export const OFFLINE = "offline";
export const LOST = "connection_lost";

/** A request that did not do what it was to do. `status` is 0 where no answer came. */
export class ProblemError extends Error {
  /** When the service asks to be tried again, in milliseconds; null where it does not say. */
  readonly until: number | null;

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly problem: Partial<Problem> = {},
    /** Seconds after which the service asks to be tried again. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${status} ${code}: ${title}`);
    this.name = "ProblemError";
    this.until = retryAfter === null ? null : Date.now() + 1_000 * retryAfter;
  }

  /** Whether the same again may work. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 409 || this.status === 429 || this.status >= 500;
  }
}

/** No answer came: the network is away, or the service is. */
export function offline(): ProblemError {
  return new ProblemError(0, OFFLINE, "Memocha could not be reached.");
}

/** The problem that a refusal tells. Where it lacks a credential, the page asks for one. */
export async function problemOf(response: Response, read?: unknown): Promise<ProblemError> {
  const body = read ?? (await response.json().catch(() => null));
  const wait = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const retryAfter = Number.isNaN(wait) ? null : wait;
  noteRefusal(response.status, isProblem(body) ? body.code : "");
  if (isProblem(body)) return new ProblemError(response.status, body.code, body.title, body, retryAfter);
  return new ProblemError(
    response.status,
    "unexpected",
    response.statusText || "Something went wrong.",
    {},
    retryAfter,
  );
}

/** Whatever was thrown, as a problem; what is no failure of a request is thrown on. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  // What fetch throws when nothing answers.
  if (error instanceof TypeError) return offline();
  throw error;
}

/** A problem as it is told to a person: one that was thrown, or what is kept of it. */
interface Told {
  code: string;
  title: string;
  detail?: string | null;
  until?: number | null;
  whose?: string | null;
  problem?: Partial<Problem>;
}

/** Those that are over at a time that can be told. */
const TIMED = ["rate_limited", "budget_spent", "model_unavailable"] as const;

function isTimed(code: string): code is (typeof TIMED)[number] {
  return TIMED.some((each) => each === code);
}

/** Milliseconds up to which a time is told to the second. */
const SOON = 90_000;

/** What to tell a person of a problem: our words where there are some for its code, else the service's. */
export function useProblemText(): (problem: Told) => string {
  const t = useTranslations("problems");
  const when = useWhen();
  return ({ code, title, problem, until, detail = problem?.detail, whose = problem?.whose }) => {
    if (until && isTimed(code)) return t(`${code}_until`, { when: when(until), whose: whose ?? "user" });
    // What is wrong with a request the service alone knows.
    if (code === "invalid_request" && detail) return t("invalid_request_because", { detail });
    return t.has(code as never) ? t(code as never) : title;
  };
}

/** A time as one would say it now: by the clock today, else with its day. */
function useWhen(): (until: number) => string {
  const format = useFormatter();
  return (until) => {
    const soon = until - Date.now() < SOON;
    const today = new Date(until).toDateString() === new Date().toDateString();
    return format.dateTime(new Date(until), {
      hour: "numeric",
      minute: "numeric",
      second: soon ? "numeric" : undefined,
      ...(today ? {} : { day: "numeric", month: "long" }),
    });
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
