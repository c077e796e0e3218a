import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { IntlProvider } from "use-intl";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { GRACE } from "@/api/undo";
import en from "@/i18n/en";
import rooms from "@/i18n/en-rooms";
import { navigate } from "@/shell/router";
import { memory, session } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { Toasts } from "@/ui/Toast";
import { MemoryPage } from "./MemoryPage";

const USAGE = {
  memories: 3,
  coming: 0,
  bytes: 90,
  oldest: null,
  pinned: 0,
  paused: 0,
  kinds: { fact: 2, episode: 1, digest: 0 },
};
const POLICY = { memories: null, bytes: null, episode_days: null, digest_days: null, fact_days: null };
const NOW = new Date().toISOString();
const CHAT = "0190a000-0000-7000-8000-000000000001";

function item(id: string, more = {}) {
  return { ...memory(id, { created_at: NOW, score: null, ...more }), earlier: [] };
}

function service(): FakeService {
  return new FakeService()
    .on("GET /api/memories", () => json({ items: [item("a"), item("b"), item("c")], next_cursor: null }))
    .on("GET /api/memories/retention", () => json({ policy: POLICY, usage: USAGE, runs: [] }))
    .on("GET /api/me", () => json({ memory_enabled: true, about_me: "", how_to_answer: "" }))
    .install();
}

/** As a search finds it: near enough for an answer, with something in common with the question, or with nothing. */
function found(id: string, how: "near" | "akin" | "strange", more = {}) {
  return { ...item(id, more), relevant: how === "near", akin: how !== "strange" };
}

function results(items: object[]): Response {
  return json({ items, degraded: false, took_ms: 1 });
}

function show() {
  return render(
    <IntlProvider locale="en" messages={{ ...en, ...rooms }} timeZone="UTC">
      <QueryClientProvider client={queryClient}>
        <MemoryPage />
        <Toasts />
      </QueryClientProvider>
    </IntlProvider>,
  );
}

function card(text: string): HTMLElement {
  return screen.getByRole("article", { name: text });
}

beforeEach(() => {
  navigate("/memory", { replace: true });
});

describe("the memory page", () => {
  it("pins with a key, and takes it back where the service refuses", async () => {
    const answers = service().on("PATCH /api/memories/a", () => problem(503, "database_unavailable"));
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    act(() => card("memory a").focus());
    await user.keyboard("p");
    await waitFor(() => expect(answers.count("PATCH /api/memories/a")).toBe(1));
    expect(await screen.findByText(/could not be kept/)).toBeInTheDocument();
    expect(within(card("memory a")).queryByText("Pinned")).toBeNull();
  });

  it("forgets with a key, hides at once, and asks the service only when nobody undid it", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const answers = service()
      .on("GET /api/memories", () => json({ items: [item("a"), item("gone")], next_cursor: null }))
      .on("DELETE /api/memories/gone", () => json({ memories: 1 }));
    show();
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    await screen.findByText("memory gone");
    act(() => card("memory gone").focus());
    await user.keyboard("{Delete}");
    expect(screen.queryByText("memory gone")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(screen.getByText("memory gone")).toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(2 * GRACE));
    expect(answers.count("DELETE /api/memories/gone")).toBe(0);

    act(() => card("memory gone").focus());
    await user.keyboard("{Delete}");
    await act(() => vi.advanceTimersByTimeAsync(2 * GRACE));
    expect(answers.count("DELETE /api/memories/gone")).toBe(1);
    vi.useRealTimers();
  });

  it("selects a range and does the same to all of it", async () => {
    const answers = service().on("POST /api/memories/bulk", () => json({ memories: 3 }));
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    const boxes = screen.getAllByRole("checkbox", { name: "Select" });
    await user.click(boxes[0]!);
    await user.keyboard("{Shift>}");
    await user.click(boxes[2]!);
    await user.keyboard("{/Shift}");
    const bar = screen.getByRole("toolbar");
    expect(within(bar).getByText("3 selected")).toBeInTheDocument();
    await user.click(within(bar).getByRole("button", { name: "Pause" }));
    expect(await within(bar).findByRole("button", { name: "Resume" })).toBeInTheDocument();
    const [asked] = answers.asked.filter((each) => each.method === "POST");
    expect(await asked?.json()).toEqual({ ids: ["a", "b", "c"], action: "pause" });
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("toolbar")).toBeNull();
  });

  it("folds what Memocha said, and selects a day without it until it is seen", async () => {
    const answer = { kind: "episode", role: "assistant" };
    service().on("GET /api/memories", () =>
      json({
        items: [item("a"), item("said", answer), item("more", { ...answer, pinned: true }), item("b")],
        next_cursor: null,
      }),
    );
    show();
    const user = userEvent.setup();
    const fold = await screen.findByRole("button", { name: "and 2 answers of Memocha’s, one pinned" });
    expect(screen.queryByText("“memory said”")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Select day" }));
    expect(screen.getByText("2 selected")).toBeInTheDocument();
    expect(fold).toHaveAccessibleName("and 2 answers of Memocha’s, one pinned, not selected");
    await user.click(fold);
    expect(card("“memory said”")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Select day" }));
    expect(screen.getByText("4 selected")).toBeInTheDocument();
    await user.click(fold);
    expect(screen.getByText("2 selected")).toBeInTheDocument();
  });

  it("folds nothing where what is pinned is asked for", async () => {
    navigate("/memory?pinned=1", { replace: true });
    service().on("GET /api/memories", () =>
      json({
        items: [item("said", { kind: "episode", role: "assistant", pinned: true })],
        next_cursor: null,
      }),
    );
    show();
    expect(await screen.findByText("“memory said”")).toBeInTheDocument();
  });

  it("asks what is typed, keeps it in the address, and goes back to the timeline", async () => {
    const answers = service().on("GET /api/memories/search", () =>
      results([found("b", "near", { score: 0.5 }), found("c", "akin", { score: 0.1 })]),
    );
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    await user.type(screen.getByRole("textbox", { name: "Ask your memory" }), "Ada");
    expect(await screen.findByText("An answer would get this one")).toBeInTheDocument();
    expect(window.location.search).toBe("?q=Ada");
    expect(answers.count("GET /api/memories/search")).toBe(1);
    expect(screen.getByRole("meter", { name: "Strength 65%" })).toBeInTheDocument();
    act(() => window.history.back());
    await screen.findByText("memory a");
    expect(screen.getByRole("textbox", { name: "Ask your memory" })).toHaveValue("");
  });

  it("offers all filters beside a question, and asks with those that are set", async () => {
    navigate("/memory?q=Ada&kind=fact&pinned=1&state=paused&changed=1&time=today", { replace: true });
    const answers = service().on("GET /api/memories/search", () => results([]));
    show();
    const user = userEvent.setup();
    await screen.findByText("Nothing comes to mind");
    const asked = () => Object.fromEntries(new URL(answers.asked.at(-1)?.url ?? "").searchParams);
    expect(asked()).toMatchObject({
      q: "Ada",
      kind: "fact",
      pinned: "true",
      state: "paused",
      changed: "true",
    });
    expect(asked()).toHaveProperty("since");
    const bar = screen.getByRole("group", { name: "Which memories" });
    for (const name of ["Facts", "Pinned", "Paused", "Changed"]) {
      expect(within(bar).getByRole("button", { name })).toHaveAttribute("aria-pressed", "true");
    }
    await user.click(within(bar).getByRole("button", { name: "Pinned" }));
    await waitFor(() => expect(asked()).not.toHaveProperty("pinned"));
    expect(asked()).toHaveProperty("state", "paused");
  });

  it("says which filters are set, and takes all of them away at once", async () => {
    navigate("/memory?kind=fact&pinned=1&time=week", { replace: true });
    service();
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    expect(screen.getByText("Only: Facts · Pinned · Last 7 days")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Clear the filters" }));
    expect(window.location.pathname + window.location.search).toBe("/memory");
    expect(screen.getByRole("button", { name: "All" })).toHaveFocus();
    expect(screen.queryByRole("button", { name: "Clear the filters" })).toBeNull();
  });

  it("names the filters that leave nothing, each to be taken away by itself", async () => {
    navigate(`/memory?q=Ada&kind=fact&pinned=1&session=${CHAT}`, { replace: true });
    service()
      .on("GET /api/memories", () => json({ items: [], next_cursor: null }))
      .on("GET /api/memories/search", () => results([]))
      .on(`GET /api/sessions/${CHAT}`, () => json({ ...session(CHAT), title: "Dinner for Ada" }));
    show();
    const user = userEvent.setup();
    const empty = () => within(screen.getByRole("region", { name: /Nothing comes to mind|No memory/ }));
    await screen.findByText("Nothing comes to mind");
    expect(
      await empty().findByRole("button", { name: "Take away: From “Dinner for Ada”" }),
    ).toBeInTheDocument();
    await user.click(empty().getByRole("button", { name: "Take away: Pinned" }));
    expect(window.location.search).toBe(`?q=Ada&kind=fact&session=${CHAT}`);
    expect(screen.getByRole("button", { name: "All" })).toHaveFocus();
    act(() => navigate("/memory?kind=fact&pinned=1", { replace: true }));
    await screen.findByText("No memory is all of this");
    await user.click(empty().getByRole("button", { name: "Clear the filters" }));
    expect(window.location.search).toBe("");
  });

  it("does not offer what cannot be together", async () => {
    navigate("/memory?changed=1", { replace: true });
    service();
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    await user.click(screen.getByRole("button", { name: "Moments" }));
    // Only facts change.
    expect(window.location.search).toBe("?kind=episode");
    expect(screen.getByRole("button", { name: "Changed" })).toBeDisabled();
  });

  it("offers archived chats as well, marked, and shows the memories of the one chosen", async () => {
    const answers = service().on("GET /api/sessions", (request) =>
      json({
        items: request.url.includes("archived=true")
          ? [session(CHAT, { title: "Dinner", archived: true })]
          : [],
        next_cursor: null,
      }),
    );
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    await user.click(screen.getByRole("button", { name: "Any chat" }));
    await user.click(await screen.findByRole("button", { name: /Dinner \(archived\)/ }));
    expect(window.location.search).toBe(`?session=${CHAT}`);
    await waitFor(() => expect(answers.asked.at(-1)?.url).toContain(CHAT));
  });

  it("finds what is paused by its words, and says that no answer is given it", async () => {
    navigate("/memory?q=Ada&state=paused", { replace: true });
    service().on("GET /api/memories/search", () =>
      results([found("b", "akin", { state: "paused", score: null })]),
    );
    show();
    expect(await screen.findByText("One paused memory has these words")).toBeInTheDocument();
    expect(card("memory b")).toBeInTheDocument();
    expect(screen.queryByRole("meter")).toBeNull();
  });

  it("keeps what is further off behind a fold, and what has nothing in common off the page", async () => {
    navigate("/memory?q=Ada", { replace: true });
    service().on("GET /api/memories/search", () =>
      results([found("b", "near"), found("c", "akin"), found("d", "akin"), found("e", "strange")]),
    );
    show();
    const user = userEvent.setup();
    const fold = await screen.findByRole("button", { name: "2 more, further off" });
    expect(card("memory b")).toBeInTheDocument();
    expect(fold).toHaveAttribute("aria-expanded", "false");
    expect(screen.queryByText("memory c")).toBeNull();
    await user.click(fold);
    expect(card("memory d")).toBeInTheDocument();
    expect(screen.queryByText("memory e")).toBeNull();
    // What is folded away again is not selected any more.
    await user.click(within(card("memory b")).getByRole("checkbox"));
    await user.click(within(card("memory c")).getByRole("checkbox"));
    await user.click(fold);
    expect(screen.getByText("1 selected")).toBeInTheDocument();
  });

  it("says that nothing fits where all is further off, and where nothing is near at all", async () => {
    navigate("/memory?q=flurble", { replace: true });
    service().on(
      "GET /api/memories/search",
      () => results([found("c", "akin")]),
      () => results([found("e", "strange")]),
    );
    show();
    expect(await screen.findByText("Nothing comes to mind")).toBeInTheDocument();
    const fold = screen.getByRole("button", { name: "One further off" });
    expect(fold).toHaveAttribute("aria-expanded", "false");
    expect(screen.queryByText("memory c")).toBeNull();
    act(() => navigate("/memory?q=zorgon", { replace: true }));
    await waitFor(() => expect(screen.queryByRole("button", { name: /further off/ })).toBeNull());
    expect(screen.getByText(/nothing that fits “zorgon”/)).toBeInTheDocument();
    expect(screen.queryByText("memory e")).toBeNull();
  });

  it("changes the words of a fact where they stand", async () => {
    const answers = service().on("PATCH /api/memories/a", () =>
      json(item("a", { text: "You live in Lisbon." })),
    );
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    act(() => card("memory a").focus());
    await user.keyboard("e");
    const field = await screen.findByRole("textbox", { name: "What is remembered" });
    await waitFor(() => expect(field).toHaveFocus());
    await user.clear(field);
    await user.type(field, "You live in Lisbon.{Enter}");
    expect(await screen.findByText("You live in Lisbon.")).toBeInTheDocument();
    expect(await answers.asked.find((each) => each.method === "PATCH")?.json()).toEqual({
      text: "You live in Lisbon.",
    });
    await waitFor(() => expect(card("You live in Lisbon.")).toHaveFocus());
  });

  it("comes back to the card that one has gone from", async () => {
    const source = { session_id: CHAT, message_id: CHAT, external_id: null, created_at: NOW, quote: null };
    service()
      .on("GET /api/memories", () =>
        json({ items: [item("a"), item("b", { session_id: CHAT, sources: [source] })], next_cursor: null }),
      )
      .on(`GET /api/sessions/${CHAT}/messages`, () => json({ items: [], next_cursor: null }));
    const { unmount } = show();
    const user = userEvent.setup();
    await screen.findByText("memory b");
    await user.click(within(card("memory b")).getByRole("button", { name: "Actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Open message" }));
    await waitFor(() => expect(window.location.pathname).toBe(`/c/${CHAT}`));
    unmount();
    window.history.back();
    await waitFor(() => expect(window.location.pathname).toBe("/memory"));
    show();
    await waitFor(() => expect(card("memory b")).toHaveFocus());
  });

  it("reads on when the end comes near, also where several changes are told at once", async () => {
    let tell = (_: { isIntersecting: boolean }[]) => {};
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(told: (changes: { isIntersecting: boolean }[]) => void) {
          tell = told;
        }
        observe(): void {}
        disconnect(): void {}
      },
    );
    const answers = service().on(
      "GET /api/memories",
      () => json({ items: [item("a")], next_cursor: "x" }),
      () => json({ items: [item("z")], next_cursor: null }),
    );
    show();
    await screen.findByText("memory a");
    await act(async () => tell([{ isIntersecting: true }, { isIntersecting: false }]));
    expect(answers.count("GET /api/memories")).toBe(1);
    await act(async () => tell([{ isIntersecting: false }, { isIntersecting: true }]));
    expect(await screen.findByText("memory z")).toBeInTheDocument();
  });

  it("says that what was just said is on its way, and shows it when it is there", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const usage = (memories: number, coming: number) => () =>
      json({ policy: POLICY, usage: { ...USAGE, memories, coming }, runs: [] });
    const answers = service()
      .on(
        "GET /api/memories",
        () => json({ items: [], next_cursor: null }),
        () => json({ items: [item("first", { kind: "episode" })], next_cursor: null }),
      )
      .on("GET /api/memories/retention", usage(0, 2), usage(0, 2), usage(2, 0));
    show();
    expect(await screen.findByText("What you just said is being remembered")).toBeInTheDocument();
    expect(screen.queryByText("Nothing is remembered yet")).toBeNull();
    expect(await screen.findByText("“memory first”", undefined, { timeout: 5_000 })).toBeInTheDocument();
    expect(screen.queryByText("Nothing is remembered yet")).toBeNull();
    const asked = answers.count("GET /api/memories/retention");
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(answers.count("GET /api/memories/retention"), "and no more is asked").toBe(asked);
    vi.useRealTimers();
  });

  it("teaches again, and promises nothing, where the last memory was forgotten", async () => {
    service()
      .on("GET /api/memories", () => json({ items: [item("last")], next_cursor: null }))
      .on("GET /api/memories/retention", () =>
        json({ policy: POLICY, usage: { ...USAGE, memories: 1 }, runs: [] }),
      );
    show();
    const user = userEvent.setup();
    await screen.findByText("memory last");
    act(() => card("memory last").focus());
    await user.keyboard("{Delete}");
    void queryClient.invalidateQueries({ queryKey: keys.memories });
    expect(await screen.findByText("Nothing is remembered yet")).toBeInTheDocument();
    expect(screen.queryByText(/is being remembered/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Undo" }));
  });

  it("teaches by one example while nothing is remembered", async () => {
    service()
      .on("GET /api/memories", () => json({ items: [], next_cursor: null }))
      .on("GET /api/memories/retention", () =>
        json({ policy: POLICY, usage: { ...USAGE, memories: 0 }, runs: [] }),
      );
    show();
    expect(await screen.findByText("Nothing is remembered yet")).toBeInTheDocument();
  });

  it("tries again where the memories could not be read", async () => {
    service().on(
      "GET /api/memories",
      () => problem(422, "invalid_request"),
      () => json({ items: [item("a")], next_cursor: null }),
    );
    show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByText("memory a")).toBeInTheDocument();
  });

  it("clears all only behind the typed word, and shows the receipt", async () => {
    const answers = service().on("DELETE /api/memories", () =>
      json({ memories: 3, messages: 0, sessions: 0, note: "x" }),
    );
    show();
    const user = userEvent.setup();
    await screen.findByText("memory a");
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Clear all…" }));
    const button = await screen.findByRole("button", { name: "Forget all memories" });
    expect(button).toBeDisabled();
    await user.type(screen.getByRole("textbox", { name: "Type “forget” to go on" }), "forget");
    await user.click(button);
    expect(await screen.findByText("Forgotten")).toBeInTheDocument();
    expect(answers.count("DELETE /api/memories")).toBe(1);
    expect(answers.count("DELETE /api/me/data")).toBe(0);
  });
});
