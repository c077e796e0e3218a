import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Memory } from "@/api/types";
import { memory } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { changeMemories, MOST, parts } from "./changes";

const LIST = [...keys.memories, "list", {}];
const SEARCH = [...keys.memories, "search", "Ada", {}];

function listed(): Memory[] {
  return (
    queryClient.getQueryData<{ pages: { items: Memory[] }[] }>(LIST)?.pages.flatMap((page) => page.items) ??
    []
  );
}

function held(): Promise<void> & { release(): void } {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return Object.assign(promise, { release });
}

beforeEach(() => {
  queryClient.setQueryData(LIST, {
    pages: [
      { items: [memory("a"), memory("b")], next_cursor: "x" },
      { items: [memory("c")], next_cursor: null },
    ],
    pageParams: [null, "x"],
  });
  queryClient.setQueryData(SEARCH, { items: [memory("b")], degraded: false, took_ms: 1 });
  queryClient.setQueryData(keys.memory("b"), memory("b"));
});

describe("changing memories", () => {
  it("shows it everywhere before the service has answered", async () => {
    const answer = held();
    new FakeService()
      .on("PATCH /api/memories/b", async () => {
        await answer;
        return json(memory("b", { pinned: true }));
      })
      .install();
    const done = changeMemories(["b"], { pinned: true });
    await vi.waitFor(() => expect(listed().map((each) => each.pinned)).toEqual([false, true, false]));
    expect(queryClient.getQueryData<{ items: Memory[] }>(SEARCH)?.items[0]?.pinned).toBe(true);
    expect(queryClient.getQueryData<Memory>(keys.memory("b"))?.pinned).toBe(true);
    answer.release();
    await done;
    expect(listed()[1]?.pinned).toBe(true);
  });

  it("takes back what was refused, and nothing that changed meanwhile", async () => {
    const answer = held();
    new FakeService()
      .on("PATCH /api/memories/b", async () => {
        await answer;
        return problem(503, "database_unavailable");
      })
      .on("PATCH /api/memories/a", () => json(memory("a", { pinned: true })))
      .install();
    const refused = changeMemories(["b"], { pinned: true });
    await changeMemories(["a"], { pinned: true });
    expect(listed().map((each) => each.pinned)).toEqual([true, true, false]);
    answer.release();
    await expect(refused).rejects.toMatchObject({ code: "database_unavailable" });
    expect(listed().map((each) => each.pinned)).toEqual([true, false, false]);
  });

  it("asks once for many", async () => {
    const service = new FakeService().on("POST /api/memories/bulk", () => json({ memories: 2 })).install();
    await changeMemories(["a", "c"], { state: "paused" });
    expect(listed().map((each) => each.state)).toEqual(["paused", "active", "paused"]);
    expect(await service.asked[0]?.json()).toEqual({ ids: ["a", "c"], action: "pause" });
  });

  it("asks in parts for more than a request takes", () => {
    expect(parts(Array.from({ length: MOST + 1 }, (_, n) => String(n))).map((part) => part.length)).toEqual([
      MOST,
      1,
    ]);
  });
});
