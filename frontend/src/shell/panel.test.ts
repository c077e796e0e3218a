import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memory } from "@/testing/samples";
import { followPanel, usePanel } from "./panel";
import { chatPath, navigate, onNavigate } from "./router";

const HERE = "0190a000-0000-7000-8000-000000000001";
const THERE = "0190a000-0000-7000-8000-000000000002";
const MESSAGE = "0190a000-0000-7000-8000-000000000003";
const SHOWN = { sessionId: HERE, answerId: "answer", memories: [memory("a")], focus: null };

const answer = () => usePanel.getState().shown?.answerId ?? null;
let room = false;
let leave = () => {};

beforeEach(() => {
  usePanel.setState({ shown: null });
  navigate(chatPath(HERE));
  leave = onNavigate(() => followPanel(room));
  usePanel.getState().show(SHOWN);
});
afterEach(() => leave());

async function back(): Promise<void> {
  const gone = new Promise((resolve) => window.addEventListener("popstate", resolve, { once: true }));
  window.history.back();
  await gone;
}

describe("the panel", () => {
  it("stays open beside the same conversation where there is room, and closes over it where there is none", async () => {
    room = true;
    navigate(chatPath(HERE, MESSAGE));
    expect(answer()).toBe("answer");
    room = false;
    navigate(chatPath(HERE, THERE));
    expect(answer()).toBeNull();
    await back();
    expect(answer()).toBe("answer");
  });

  it("closes with its conversation, and is as it was when one comes back", async () => {
    navigate(chatPath(THERE, MESSAGE));
    expect(answer()).toBeNull();
    navigate("/memory");
    await back();
    expect(answer()).toBeNull();
    await back();
    expect(usePanel.getState().shown).toMatchObject(SHOWN);
  });

  it("does not come back once it was closed", async () => {
    usePanel.getState().close();
    navigate("/memory");
    await back();
    expect(answer()).toBeNull();
  });

  it("is there again after a reload, and leaves the rest of what an entry keeps alone", () => {
    window.history.replaceState({ ...window.history.state, other: 1 }, "");
    usePanel.setState({ shown: null });
    followPanel(true);
    expect(answer()).toBe("answer");
    usePanel.getState().close();
    expect(window.history.state).toEqual({ other: 1 });
  });

  it("opens also where the browser keeps nothing", () => {
    usePanel.getState().close();
    vi.spyOn(window.history, "replaceState").mockImplementation(() => {
      throw new DOMException("too often", "SecurityError");
    });
    usePanel.getState().show(SHOWN);
    expect(answer()).toBe("answer");
    vi.restoreAllMocks();
  });

  it("tells one asking from the next, also for the same", () => {
    const before = usePanel.getState().shown?.asking ?? 0;
    usePanel.getState().show(SHOWN);
    expect(usePanel.getState().shown?.asking).toBeGreaterThan(before);
  });
});
