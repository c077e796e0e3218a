import { beforeEach, expect, it } from "vitest";
import { FakeService, json, problem } from "@/testing/service";
import { api, take } from "./client";
import { setKey, useCredential } from "./credential";
import { OFFLINE } from "./problem";

let service: FakeService;
beforeEach(() => {
  setKey(null);
  service = new FakeService().install();
});

it("puts what it is given into the address, and leaves out what is not given", async () => {
  service.on("GET /api/sessions/a%2Fb%3F/messages", () => json({ items: [], next_cursor: null }));
  const query = { limit: 2, cursor: undefined, before: null } as { limit: number };
  await take(
    api.GET("/api/sessions/{session_id}/messages", { params: { path: { session_id: "a/b?" }, query } }),
  );
  expect(new URL(service.asked[0]?.url ?? "").search).toBe("?limit=2");
});

it("gives a list as often as it has items, and keeps words as they are", async () => {
  service.on("GET /api/memories/search", () => json({ items: [] }));
  await take(
    api.GET("/api/memories/search", {
      params: { query: { q: "Ada & Bo", kind: ["fact", "digest"] } },
    } as never),
  );
  expect(new URL(service.asked[0]?.url ?? "").search).toBe("?q=Ada+%26+Bo&kind=fact&kind=digest");
});

it("sends a body as JSON, and none where there is none", async () => {
  service.on("POST /api/memories", () => json({})).on("GET /api/me", () => json({}));
  await take(api.POST("/api/memories", { body: { text: "You live in Lisbon.", kind: "fact" } }));
  await take(api.GET("/api/me"));
  const [added, read] = service.asked;
  expect(added?.headers.get("content-type")).toBe("application/json");
  expect(await added?.json()).toEqual({ text: "You live in Lisbon.", kind: "fact" });
  expect(read?.headers.get("content-type")).toBeNull();
});

it("carries the key, and asks for another one where it is refused", async () => {
  setKey("secret");
  service.on("GET /api/me", () => problem(401, "unauthenticated"));
  await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ status: 401, code: "unauthenticated" });
  expect(service.asked[0]?.headers.get("authorization")).toBe("Bearer secret");
  expect(useCredential.getState().wanted).toBe("key");
});

it("takes an answer without words, and one that is not JSON where a problem should be", async () => {
  service
    .on("DELETE /api/memories", () => new Response(null, { status: 204 }))
    .on(
      "GET /api/me",
      () => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }),
    );
  expect(await take(api.DELETE("/api/memories"))).toBeUndefined();
  await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ status: 502, title: "Bad Gateway" });
});

it("says that nothing answered", async () => {
  service.on("GET /api/me", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ status: 0, code: OFFLINE });
});

it("carries the signal by which it is given up", async () => {
  service.on("GET /api/me", () => json({}));
  const giving = new AbortController();
  await take(api.GET("/api/me", { signal: giving.signal }));
  giving.abort();
  expect(service.asked[0]?.signal.aborted).toBe(true);
});
