import createClient, { type Middleware } from "openapi-fetch";
import { credentialHeaders, keyWanted } from "./credential";
import { asProblem, problemOf } from "./problem";
import type { paths } from "./schema";
import type { Told } from "./types";

const withCredential: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(credentialHeaders())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) keyWanted();
  },
};

/** The service, typed by its own description. Use with `take`, which throws what went wrong. */
export const api = createClient<paths>({
  baseUrl: typeof window === "undefined" ? "" : window.location.origin,
  // Looked up when it is called, so that what stands in for it in a test is found.
  fetch: (request) => globalThis.fetch(request),
});
api.use(withCredential);

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the service answered. Throws `ProblemError` for a refusal or when nothing answers. */
export async function take<T>(call: Promise<Outcome<T>>): Promise<Told<T>> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    throw asProblem(thrown);
  });
  if (!response.ok) throw await problemOf(response, error);
  return data as Told<T>;
}
