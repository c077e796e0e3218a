import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { Banner } from "./Banner";

const OK = { state: "ok", detail: null };
function ready(dependencies: object) {
  return { status: "degraded", dependencies: { postgres: OK, memory: OK, model: OK, ...dependencies } };
}
const DEGRADED = { memory: { state: "degraded", detail: "The memory index does not answer." } };

function service(dependencies: object, status = 200): FakeService {
  return new FakeService()
    .on("GET /ready", () => json(ready(dependencies), status))
    .on("GET /api/models", () => json({ items: [] }))
    .install();
}
/** As /api/events tells it. */
async function told(dependencies: object): Promise<void> {
  await act(async () => {
    queryClient.setQueryData(keys.ready, ready(dependencies));
    // What follows it is told in a moment.
    await new Promise((resolve) => setTimeout(resolve));
  });
}

beforeEach(() => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
});

describe("the banner", () => {
  it("says nothing while all is well, and comes and goes by itself", async () => {
    const answers = service({});
    show(<Banner />);
    await waitFor(() => expect(answers.count("GET /ready")).toBe(1));
    expect(screen.queryByText(/Memory works/)).toBeNull();
    await told(DEGRADED);
    expect(screen.getAllByText(/found by their words alone/)).not.toHaveLength(0);
    await told({});
    expect(screen.queryByText(/found by their words alone/)).toBeNull();
  });

  it("takes a 503 for the answer that it is", async () => {
    service({ postgres: { state: "down", detail: "Postgres does not answer" } }, 503);
    show(<Banner />);
    expect(await screen.findAllByText(/no message is taken/)).not.toHaveLength(0);
  });

  it("says it once to screen readers, in a place that was there before", async () => {
    service(DEGRADED);
    show(<Banner />);
    const [place] = screen.getAllByRole("status");
    expect(place).toBeEmptyDOMElement();
    await waitFor(() => expect(place).toHaveTextContent("Memory works with less."));
    expect(
      screen.getAllByText(/found by their words alone/).filter((each) => !each.closest("[aria-hidden]")),
    ).toHaveLength(1);
  });

  it("shows how far embedding has come", async () => {
    service({
      memory: {
        state: "degraded",
        detail: "Memories are being embedded anew.",
        progress: { processed: 1_250, total: 5_000 },
      },
    });
    show(<Banner />);
    expect(await screen.findByText("1,250 of 5,000")).toBeInTheDocument();
    expect(screen.getByRole("meter")).toHaveAttribute("aria-valuenow", "25");
  });

  it("can be put away where it is harmless, until something else is the matter", async () => {
    service(DEGRADED);
    show(<Banner />);
    fireEvent.click(await screen.findByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("button", { name: "Dismiss" })).toBeNull();
    await told({ postgres: { state: "down", detail: null } });
    expect(screen.getAllByText(/Nothing can be kept/)).not.toHaveLength(0);
    expect(screen.queryByRole("button", { name: "Dismiss" })).toBeNull();
    await told(DEGRADED);
    expect(screen.getByRole("button", { name: "Dismiss" })).toBeInTheDocument();
  });

  it("knows that the network is away, and that it is back", async () => {
    service({});
    show(<Banner />);
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    act(() => void window.dispatchEvent(new Event("offline")));
    expect(screen.getAllByText(/You are offline/)).not.toHaveLength(0);
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event("online")));
    expect(screen.queryByText(/You are offline/)).toBeNull();
  });

  it("knows that nothing answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network error")));
    show(<Banner />);
    expect(await screen.findAllByText(/Memocha does not answer/)).not.toHaveLength(0);
  });
});
