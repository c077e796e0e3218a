import { vi } from "vitest";

type Answer = (request: Request) => Response | Promise<Response>;

/** Stands in for the service: answers requests by method and path, and keeps what was asked. */
export class FakeService {
  readonly asked: Request[] = [];
  private readonly routes = new Map<string, Answer[]>();

  /** Answer a route (`"GET /api/me"`) so; with several answers, one after the other, the last one for good. */
  on(route: string, ...answers: Answer[]): this {
    this.routes.set(route, answers);
    return this;
  }

  /** Have `fetch` ask this. */
  install(): this {
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
      const request =
        input instanceof Request ? input : new Request(new URL(String(input), window.location.origin), init);
      this.asked.push(request.clone());
      const answers = this.routes.get(`${request.method} ${new URL(request.url).pathname}`);
      const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
      if (answer === undefined) return problem(404, "not_found");
      return answer(request);
    });
    return this;
  }

  /** How often a route was asked. */
  count(route: string): number {
    return this.asked.filter((each) => `${each.method} ${new URL(each.url).pathname}` === route).length;
  }
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function problem(status: number, code: string, more: object = {}): Response {
  return Response.json({ type: "about:blank", title: `${code}.`, status, code, ...more }, { status });
}

/** A stream of events that ends after them. `cut`: the connection breaks instead. */
export function events(list: [id: number, event: string, data: unknown][], { cut = false } = {}): Response {
  const text = list
    .map(([id, event, data]) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join("");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (text) controller.enqueue(new TextEncoder().encode(text));
      if (cut) setTimeout(() => controller.error(new TypeError("network error")), 1);
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
