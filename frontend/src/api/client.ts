import type { Client } from "openapi-fetch";
import { credentialHeaders } from "./credential";
import { asProblem, problemOf } from "./problem";
import type { paths } from "./schema";
import type { Told } from "./types";

/** What is sent beside the method and the path. */
interface Sent {
  params?: { path?: Record<string, string>; query?: Record<string, unknown> };
  body?: unknown;
  signal?: AbortSignal;
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The service, typed by its own description. Use with `take`, which throws what went wrong. Only the types are the
 * library's: what it does with middleware and serializers was 3 kB of the first load, and none of it is used here.
 */
export const api = { GET: by("GET"), POST: by("POST"), PATCH: by("PATCH"), DELETE: by("DELETE") } as Pick<
  Client<paths>,
  "GET" | "POST" | "PATCH" | "DELETE"
>;

/** What the service answered. Throws `ProblemError` for a refusal or when nothing answers. */
export async function take<T>(call: Promise<Outcome<T>>): Promise<Told<T>> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    throw asProblem(thrown);
  });
  if (!response.ok) throw await problemOf(response, error);
  return data as Told<T>;
}

function by(method: string) {
  return async (path: string, { params, body, signal }: Sent = {}): Promise<Outcome<unknown>> => {
    const response = await fetch(
      new Request(addressOf(path, params), {
        method,
        signal,
        headers: {
          ...credentialHeaders(),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    );
    const text = await response.text();
    if (response.ok) return { data: text ? JSON.parse(text) : undefined, response };
    return { error: parsed(text), response };
  };
}

/** The path with what belongs into it; what is not given is left out of the query, and a list stands there item by item. */
function addressOf(path: string, { path: parts = {}, query = {} }: Sent["params"] = {}): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? ""));
  const address = new URL(filled, window.location.origin);
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? []].flat()) address.searchParams.append(name, String(each));
  }
  return address;
}

/** A refusal need not come from the service: what stands before it answers in words of its own. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
