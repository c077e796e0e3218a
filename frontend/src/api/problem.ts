import { useTranslations } from "use-intl";
import { noteRefusal } from "./credential";
import type { Problem } from "./types";

/** Codes that the client itself gives, beside the service's. */
export const OFFLINE = "offline";
export const LOST = "connection_lost";

/** A request that did not do what it was to do. `status` is 0 where no answer came. */
export class ProblemError extends Error {
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
  problem?: Partial<Problem>;
}

/** What to tell a person of a problem: our words where there are some for its code, else the service's. */
export function useProblemText(): (problem: Told) => string {
  const t = useTranslations("problems");
  return ({ code, title, problem, detail = problem?.detail }) => {
    // What is wrong with a request the service alone knows.
    if (code === "invalid_request" && detail) return t("invalid_request_because", { detail });
    return t.has(code as never) ? t(code as never) : title;
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
