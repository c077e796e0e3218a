import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { nameIn } from "./exporting";
import { dismissImport, importFile, kindOf, noteJob, useImport } from "./importing";

/** A request that is answered by hand. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  status = 0;
  statusText = "";
  responseText = "";
  aborted = false;
  headers: Record<string, string> = {};
  constructor() {
    FakeRequest.last = this;
  }
  open(): void {}
  send(): void {}
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  abort(): void {
    this.aborted = true;
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.onload?.();
  }
}

const FILE = new File(['{"session":{}}\n'], "memocha.jsonl");
const JOB = {
  id: "job",
  kind: "import",
  state: "queued" as const,
  processed: 0,
  total: 10,
  error: null,
  skipped: {},
  imported: 0,
};
const state = () => useImport.getState().state;

beforeEach(() => {
  dismissImport();
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
});

describe("an import", () => {
  it("tells how much is sent, then how much is worked through, to its end", () => {
    queryClient.setQueryData(keys.retention, { usage: { memories: 5 } });
    importFile(FILE);
    expect(FakeRequest.last.headers["content-type"]).toBe("application/x-ndjson");
    FakeRequest.last.upload.onprogress?.({ loaded: 5, total: 20 });
    expect(state()).toMatchObject({ phase: "sending", name: "memocha.jsonl", share: 0.25 });
    FakeRequest.last.answer(202, JOB);
    expect(state()).toMatchObject({ phase: "working", job: { processed: 0 }, before: 5 });
    noteJob({ ...JOB, state: "running", processed: 4 });
    noteJob({ ...JOB, id: "another", processed: 9 });
    expect(state()).toMatchObject({ job: { state: "running", processed: 4 } });
    noteJob({ ...JOB, state: "succeeded", processed: 10 });
    expect(state()).toMatchObject({ phase: "working", job: { state: "succeeded" } });
  });

  it("is not lost sight of by a reload while it goes on", async () => {
    importFile(FILE);
    FakeRequest.last.answer(202, JOB);
    vi.resetModules();
    const reloaded = await import("./importing");
    expect(reloaded.useImport.getState().state).toMatchObject({ phase: "working", job: { id: "job" } });
    reloaded.noteJob({ ...JOB, state: "failed", error: "gone" });
    vi.resetModules();
    const again = await import("./importing");
    expect(again.useImport.getState().state).toEqual({ phase: "none" });
  });

  it("names the line that breaks a rule", () => {
    importFile(FILE);
    FakeRequest.last.answer(422, {
      code: "invalid_line",
      title: "A line is not valid.",
      status: 422,
      line: 12,
    });
    expect(state()).toMatchObject({ phase: "refused", problem: { status: 422, problem: { line: 12 } } });
  });

  it("knows that nothing answered, and what is no answer of the service", () => {
    importFile(FILE);
    FakeRequest.last.onerror?.();
    expect(state()).toMatchObject({ phase: "refused", problem: { code: "offline" } });
    importFile(FILE);
    FakeRequest.last.answer(502, "<html>");
    expect(state()).toMatchObject({ phase: "refused", problem: { status: 502, code: "unexpected" } });
  });

  it("has the browser ask before the page is left while it is sent, and only then", () => {
    const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(asks()).toBe(false);
    importFile(FILE);
    expect(asks()).toBe(true);
    FakeRequest.last.answer(202, JOB);
    expect(asks()).toBe(false);
    importFile(FILE);
    useImport.getState().stop();
    expect(asks()).toBe(false);
  });

  it("can be stopped while it is sent", () => {
    importFile(FILE);
    expect(FakeRequest.last.headers["content-type"]).toBe("application/x-ndjson");
    useImport.getState().stop();
    expect(FakeRequest.last.aborted).toBe(true);
    expect(state()).toEqual({ phase: "none" });
  });
});

describe("files", () => {
  it.each([
    ["a.jsonl", "lines"],
    ["A.NDJSON", "lines"],
    ["ChatGPT.ZIP", "zip"],
    ["chats.json", null],
    ["jsonl", null],
    ["zip", null],
  ])("%s: %s", (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });

  it.each([
    ["chats.zip", "application/zip"],
    ["memocha.jsonl", "application/x-ndjson"],
  ])("%s is sent as %s", (name, type) => {
    importFile(new File(["x"], name));
    expect(FakeRequest.last.headers["content-type"]).toBe(type);
  });

  it("is called as the service says", () => {
    expect(nameIn('attachment; filename="memocha-2026-11-22.jsonl"')).toBe("memocha-2026-11-22.jsonl");
    expect(nameIn(null)).toBe("memocha.jsonl");
  });
});
