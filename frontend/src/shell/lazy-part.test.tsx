import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { type ComponentType, Suspense } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { ErrorBoundary } from "./ErrorBoundary";
import { fetchAhead, lazyPart } from "./lazy-part";

const Piece: ComponentType<{ name: string }> = ({ name }) => <p>here is {name}</p>;
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
const WORDS = /could not be loaded. Nothing is lost/;

// React tells the console of each error that a boundary caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));

function frame(load: () => Promise<typeof Piece>) {
  const Part = lazyPart(load);
  const page = (key: string) => (
    <>
      <p>the frame</p>
      <ErrorBoundary resetKey={key}>
        <Suspense>
          <Part name={key} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
  return show(page("it"));
}

describe("a part that does not come", () => {
  it("is said in its place, and loaded again when that is asked for", async () => {
    const load = vi.fn<() => Promise<typeof Piece>>(gone);
    frame(load);
    expect(await screen.findByText(WORDS)).toBeInTheDocument();
    expect(screen.getByText("the frame")).toBeInTheDocument();
    expect(screen.queryByText("This page broke")).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);

    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(load).toHaveBeenCalledTimes(2));
    // Where it fails again, the page may be older than the service.
    expect(await screen.findByRole("button", { name: "Load again" })).toBeInTheDocument();

    load.mockResolvedValue(Piece);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("here is it")).toBeInTheDocument();
    expect(screen.queryByText(WORDS)).toBeNull();
  });

  it("is loaded by itself when the network is back", async () => {
    const load = vi.fn<() => Promise<typeof Piece>>(gone);
    frame(load);
    await screen.findByText(WORDS);
    load.mockResolvedValue(Piece);
    act(() => void window.dispatchEvent(new Event("online")));
    expect(await screen.findByText("here is it")).toBeInTheDocument();
  });

  it("is loaded by itself when the service answers again, though the network was never away", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      let up = false;
      const service = new FakeService()
        .on("GET /health", () => (up ? json({}) : Promise.reject(new TypeError("Failed to fetch"))))
        .install();
      const load = vi.fn<() => Promise<typeof Piece>>(gone);
      frame(load);
      await screen.findByText(WORDS);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(service.count("GET /health")).toBeGreaterThan(2);
      expect(load).toHaveBeenCalledTimes(1);
      up = true;
      load.mockResolvedValue(Piece);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await screen.findByText("here is it")).toBeInTheDocument();
      const asked = service.count("GET /health");
      await vi.advanceTimersByTimeAsync(30_000);
      expect(service.count("GET /health")).toBe(asked);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not asked for without end where the service answers and does not have it", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      new FakeService().on("GET /health", () => json({})).install();
      const load = vi.fn<() => Promise<typeof Piece>>(gone);
      frame(load);
      await screen.findByText(WORDS);
      await vi.advanceTimersByTimeAsync(5_000);
      await screen.findByRole("button", { name: "Load again" });
      expect(load).toHaveBeenCalledTimes(2);
      for (let minute = 0; minute < 3; minute += 1) {
        await vi.advanceTimersByTimeAsync(60_000);
        await act(async () => {});
      }
      expect(load).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is loaded again by whoever opens it next", async () => {
    const load = vi.fn<() => Promise<typeof Piece>>(gone);
    const Part = lazyPart(load);
    const failed = vi.fn();
    const page = () => (
      <ErrorBoundary onFailed={failed}>
        <Suspense>
          <Part name="it" />
        </Suspense>
      </ErrorBoundary>
    );
    const { unmount } = show(page());
    await waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
    unmount();
    load.mockResolvedValue(Piece);
    show(page());
    expect(await screen.findByText("here is it")).toBeInTheDocument();
  });

  it("is not mistaken for one that broke", async () => {
    frame(() =>
      Promise.resolve(() => {
        throw new Error("a defect");
      }),
    );
    expect(await screen.findByText("This page broke")).toBeInTheDocument();
    expect(screen.queryByText(WORDS)).toBeNull();
  });
});

describe("fetching ahead", () => {
  it("fetches every part some seconds after the page stands, also past one that fails", async () => {
    vi.useFakeTimers();
    try {
      const first = vi.fn<() => Promise<typeof Piece>>(gone);
      const second = vi.fn(() => Promise.resolve(Piece));
      lazyPart(first);
      lazyPart(second);
      const stop = fetchAhead();
      await vi.advanceTimersByTimeAsync(9_900);
      expect(first).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(first).toHaveBeenCalledTimes(1);
      expect(second).toHaveBeenCalledTimes(1);
      stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
