import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { ListedSession } from "@/api/types";
import { GRACE } from "@/api/undo";
import { newTurn, setTurn } from "@/conversation/turn";
import { chatPath, navigate } from "@/shell/router";
import { session } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { Sessions } from "./Sessions";

// Each test has sessions of its own: what was hidden once stays hidden for the life of the page.
let run = 0;
let [A, B, C] = ["", "", ""];

function id(number: number): string {
  return `0199a3c0-0000-7000-8000-${String(run).padStart(11, "0")}${number}`;
}

beforeEach(() => {
  run += 1;
  [A, B, C] = [id(1), id(2), id(3)];
});

function service(items: ListedSession[] = [session(A), session(B), session(C)]): FakeService {
  return new FakeService()
    .on("GET /api/sessions", ({ url }) =>
      json({ items: url.includes("archived=true") ? [] : items, next_cursor: null }),
    )
    .install();
}

const link = (name: string) => screen.getByRole("link", { name: new RegExp(name) });

async function shown(): Promise<void> {
  show(<Sessions />);
  await screen.findByRole("link", { name: /chat 1/ });
}

describe("the list of sessions", () => {
  it("stands under headings of days, and marks the current one", async () => {
    const before = new Date();
    before.setDate(before.getDate() - 1);
    service([session(A), session(B, { updated_at: before.toISOString() })]);
    navigate(chatPath(B));
    await shown();
    const headings = screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent);
    expect(headings).toEqual(["Today", "Yesterday"]);
    expect(link("chat 2")).toHaveAttribute("aria-current", "page");
    expect(link("chat 1")).not.toHaveAttribute("aria-current");
  });

  it("lists nothing temporary", async () => {
    service([session(A), session(B, { temporary: true })]);
    await shown();
    expect(screen.queryByText("chat 2")).toBeNull();
  });

  it("teaches where it is empty", async () => {
    service([]);
    show(<Sessions />);
    expect(await screen.findByText(/will stand here/)).toBeInTheDocument();
  });

  it("says so where it cannot be read, and reads it again", async () => {
    const answers = new FakeService()
      .on(
        "GET /api/sessions",
        () => problem(404, "no"),
        () => json({ items: [session(A)], next_cursor: null }),
      )
      .install();
    show(<Sessions />);
    fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByText("chat 1")).toBeInTheDocument();
    expect(answers.count("GET /api/sessions")).toBe(2);
  });

  it("shows where an answer is on its way, begun here or elsewhere", async () => {
    service([session(A, { active_run_id: id(9) }), session(B), session(C)]);
    await shown();
    expect(within(link("chat 1")).getByText("is answering")).toBeInTheDocument();
    act(() => setTurn(B, newTurn({ sessionId: B, request: null, after: null, question: null })));
    expect(within(link("chat 2")).getByText("is answering")).toBeInTheDocument();
    expect(within(link("chat 3")).queryByText("is answering")).toBeNull();
    act(() => setTurn(B, null));
  });

  it("is one stop for Tab, and arrows lead through it", async () => {
    service();
    navigate(chatPath(B));
    await shown();
    expect(["chat 1", "chat 2", "chat 3"].map((name) => link(name).tabIndex)).toEqual([-1, 0, -1]);
    const user = userEvent.setup();
    act(() => link("chat 2").focus());
    await user.keyboard("{ArrowDown}");
    expect(link("chat 3")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(link("chat 1")).toHaveFocus();
    await user.keyboard("{ArrowUp}");
    expect(link("chat 1")).toHaveFocus();
  });
});

describe("a long title", () => {
  it("is whole in its row, and short in what is said of it", async () => {
    const long = `Where ${"one might walk with dogs, ".repeat(7)}`.slice(0, 180);
    service([session(A, { title: long }), session(B)]).on(`PATCH /api/sessions/${A}`, () =>
      json(session(A, { title: long, archived: true })),
    );
    show(<Sessions />);
    const row = await screen.findByRole("link", { name: /^Where/ });
    expect(row).toHaveTextContent(long.trim());
    const more = screen.getByRole("button", { name: /^Actions for Where/ });
    expect(more.getAttribute("aria-label")?.length).toBeLessThan(70);
    const user = userEvent.setup();
    await user.click(more);
    await user.click(await screen.findByRole("menuitem", { name: "Archive" }, { timeout: 4_000 }));
    expect((await screen.findByText(/is archived\.$/)).textContent).toBe(
      "“Where one might walk with dogs, one might walk…” is archived.",
    );
  });
});

describe("the archived ones", () => {
  function archivedToo(...items: ListedSession[]): FakeService {
    return service([session(A)])
      .on("GET /api/sessions", ({ url }) =>
        json({ items: url.includes("archived=true") ? items : [session(A)], next_cursor: null }),
      )
      .on(`GET /api/sessions/${C}`, () => json(session(C, { archived: true })));
  }
  const fold = () => screen.getByRole("button", { name: /^Archived/ });

  it("come into sight when they are unfolded, once they are there", async () => {
    const seen = vi.spyOn(Element.prototype, "scrollIntoView").mockClear();
    archivedToo(session(C, { archived: true }));
    await shown();
    expect(seen).not.toHaveBeenCalled();
    fireEvent.click(fold());
    await screen.findByRole("link", { name: /chat 3/ });
    const section = seen.mock.contexts.at(-1) as Element;
    expect(section.contains(link("chat 3"))).toBe(true);
    seen.mockRestore();
  });

  it("are marked where one is open: the fold while it is closed, then the chat in it", async () => {
    archivedToo(session(C, { archived: true }));
    navigate(chatPath(C));
    await shown();
    await waitFor(() => expect(fold()).toHaveAttribute("aria-current", "true"));
    fireEvent.click(fold());
    expect(await screen.findByRole("link", { name: /chat 3/ })).toHaveAttribute("aria-current", "page");
    expect(fold()).not.toHaveAttribute("aria-current");
  });

  it("are a stop for the arrows, the fold too", async () => {
    archivedToo(session(C, { archived: true }));
    await shown();
    const user = userEvent.setup();
    act(() => link("chat 1").focus());
    await user.keyboard("{ArrowDown}");
    expect(fold()).toHaveFocus();
    await user.keyboard("{Enter}");
    await screen.findByRole("link", { name: /chat 3/ });
    await user.keyboard("{End}");
    expect(link("chat 3")).toHaveFocus();
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(link("chat 1")).toHaveFocus();
  });
});

describe("renaming", () => {
  it("is kept by Enter, and shown at once", async () => {
    let answer = (_: Response) => {};
    const answers = service().on(
      `PATCH /api/sessions/${A}`,
      () =>
        new Promise<Response>((resolve) => {
          answer = resolve;
        }),
    );
    await shown();
    const user = userEvent.setup();
    act(() => link("chat 1").focus());
    await user.keyboard("{F2}");
    const field = screen.getByRole("textbox", { name: "Title of this chat" });
    expect(field).toHaveFocus();
    await user.clear(field);
    await user.keyboard("  Dinner for Ada {Enter}");
    expect(link("Dinner for Ada")).toBeInTheDocument();
    await waitFor(() => expect(answers.count(`PATCH /api/sessions/${A}`)).toBe(1));
    expect(await answers.asked.at(-1)?.json()).toEqual({ title: "Dinner for Ada" });
    answer(json(session(A, { title: "Dinner for Ada" })));
    await waitFor(() => expect(link("Dinner for Ada")).toHaveFocus());
  });

  it("is left by Escape, and by what is no title", async () => {
    const answers = service();
    await shown();
    const user = userEvent.setup();
    for (const keystrokes of ["another{Escape}", "   {Enter}", "chat 1{Enter}"]) {
      act(() => link("chat 1").focus());
      await user.keyboard("{F2}");
      await user.clear(screen.getByRole("textbox"));
      await user.keyboard(keystrokes);
      expect(link("chat 1")).toBeInTheDocument();
    }
    expect(answers.count(`PATCH /api/sessions/${A}`)).toBe(0);
  });

  it("is taken back where the service refuses", async () => {
    service().on(`PATCH /api/sessions/${A}`, () => problem(503, "database_unavailable"));
    await shown();
    const user = userEvent.setup();
    act(() => link("chat 1").focus());
    await user.keyboard("{F2}");
    await user.clear(screen.getByRole("textbox"));
    await user.keyboard("Dinner{Enter}");
    expect(await screen.findByText(/could not be kept/)).toBeInTheDocument();
    expect(link("chat 1")).toBeInTheDocument();
  });
});

describe("deleting", () => {
  const deletions = (answers: FakeService) => answers.asked.filter(({ method }) => method === "DELETE");

  async function deleted(): Promise<FakeService> {
    const answers = service().on(`DELETE /api/sessions/${A}`, () =>
      json({ sessions: 1, messages: 2, memories: 3, note: null }),
    );
    await shown();
    vi.useFakeTimers();
    act(() => link("chat 1").focus());
    fireEvent.keyDown(link("chat 1"), { key: "Delete" });
    expect(screen.queryByRole("link", { name: /chat 1/ })).toBeNull();
    return answers;
  }

  it("is sent when nobody has taken it back in time", async () => {
    const answers = await deleted();
    expect(link("chat 2")).toHaveFocus();
    await act(() => vi.advanceTimersByTimeAsync(GRACE - 100));
    expect(deletions(answers)).toEqual([]);
    await act(() => vi.advanceTimersByTimeAsync(200));
    expect(deletions(answers).map(({ url }) => new URL(url).search)).toEqual(["?memories=delete"]);
    vi.useRealTimers();
  });

  it("is never sent when it was taken back", async () => {
    const answers = await deleted();
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(link("chat 1")).toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(2 * GRACE));
    expect(deletions(answers)).toEqual([]);
    vi.useRealTimers();
  });

  it("is sent at once when the page is left, in a way that outlives it", async () => {
    const answers = await deleted();
    window.dispatchEvent(new Event("pagehide"));
    expect(deletions(answers).map(({ keepalive }) => keepalive)).toEqual([true]);
    await act(() => vi.advanceTimersByTimeAsync(2 * GRACE));
    expect(deletions(answers)).toHaveLength(1);
    vi.useRealTimers();
  });

  it("shows it again where it could not be done", async () => {
    await deleted();
    new FakeService()
      .on(`DELETE /api/sessions/${A}`, () => problem(503, "database_unavailable"))
      .on("GET /api/sessions", () => json({ items: [session(A), session(B)], next_cursor: null }))
      .install();
    await act(() => vi.advanceTimersByTimeAsync(GRACE + 100));
    vi.useRealTimers();
    expect(await screen.findByText(/could not be deleted/)).toBeInTheDocument();
    expect(link("chat 1")).toBeInTheDocument();
  });

  it("leaves the chat that is shown, and undoing returns to it", async () => {
    navigate(chatPath(A));
    await deleted();
    expect(window.location.pathname).toBe("/");
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(window.location.pathname).toBe(chatPath(A));
    vi.useRealTimers();
  });
});

describe("the focus", () => {
  async function choose(name: string, action: string | RegExp): Promise<void> {
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: `Actions for ${name}` }));
    // The first time its code is loaded.
    await user.click(await screen.findByRole("menuitem", { name: action }, { timeout: 4_000 }));
  }

  it("goes to the next chat when one is deleted, by key or from its menu, and at the end to the one before", async () => {
    service();
    await shown();
    const user = userEvent.setup();
    act(() => link("chat 2").focus());
    await user.keyboard("{Delete}");
    await waitFor(() => expect(link("chat 3")).toHaveFocus());
    await choose("chat 3", /^Delete ?and forget/);
    await waitFor(() => expect(link("chat 1")).toHaveFocus());
    await choose("chat 1", /^Delete ?and forget/);
    await waitFor(() => expect(screen.getByRole("button", { name: "Archived" })).toHaveFocus());
    // What waits to be deleted is sent in this test.
    window.dispatchEvent(new Event("pagehide"));
  }, 15_000);

  it("goes to the next chat when one is archived, and back to one that is got back", async () => {
    const first = session(A);
    service([first, session(B)]).on(`PATCH /api/sessions/${A}`, async (request) =>
      json(Object.assign(first, await request.json())),
    );
    await shown();
    await choose("chat 1", "Archive");
    await waitFor(() => expect(link("chat 2")).toHaveFocus());
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(link("chat 1")).toHaveFocus());
  });

  it("returns to a chat whose deletion is undone", async () => {
    service();
    await shown();
    act(() => link("chat 2").focus());
    await userEvent.setup().keyboard("{Delete}");
    const undo = (await screen.findAllByRole("button", { name: "Undo" })).at(-1) as HTMLElement;
    undo.focus();
    fireEvent.click(undo);
    await waitFor(() => expect(link("chat 2")).toHaveFocus());
  });

  it("returns to a chat that was renamed from its menu, which stays closed", async () => {
    const first = session(A);
    service([first, session(B)]).on(`PATCH /api/sessions/${A}`, async (request) =>
      json(Object.assign(first, await request.json())),
    );
    await shown();
    await choose("chat 1", "Rename");
    await waitFor(() => expect(screen.getByRole("textbox")).toHaveFocus());
    await userEvent.setup().keyboard("Dinner{Enter}");
    await waitFor(() => expect(link("Dinner")).toHaveFocus());
    expect(screen.queryByRole("menu")).toBeNull();
  });

  it("stays where one went while a title was written", async () => {
    service();
    show(
      <>
        <textarea aria-label="elsewhere" />
        <Sessions />
      </>,
    );
    await screen.findByRole("link", { name: /chat 1/ });
    const user = userEvent.setup();
    act(() => link("chat 1").focus());
    await user.keyboard("{F2}");
    await user.click(screen.getByRole("textbox", { name: "elsewhere" }));
    await screen.findByRole("link", { name: /chat 1/ });
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.getByRole("textbox", { name: "elsewhere" })).toHaveFocus();
  });
});

describe("the menu of a session", () => {
  async function opened(): Promise<ReturnType<typeof userEvent.setup>> {
    await shown();
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Actions for chat 1" }));
    await screen.findByRole("menu");
    return user;
  }

  it("deletes the chat alone where its memories are to stay", async () => {
    const answers = service().on(`DELETE /api/sessions/${A}`, () => json({ sessions: 1 }));
    const user = await opened();
    await user.click(screen.getByRole("menuitem", { name: /Delete the chat alone/ }));
    expect(screen.getByText(/Its memories stay/)).toBeInTheDocument();
    window.dispatchEvent(new Event("pagehide"));
    const sent = answers.asked.find(({ method }) => method === "DELETE");
    expect(new URL(sent?.url ?? "").search).toBe("?memories=keep");
  });

  it("archives, with a way back", async () => {
    const answers = service().on(`PATCH /api/sessions/${A}`, async (request) =>
      json({ ...session(A), ...(await request.json()) }),
    );
    const user = await opened();
    await user.click(screen.getByRole("menuitem", { name: "Archive" }));
    const said = await screen.findByText("“chat 1” is archived.");
    expect(answers.asked.filter(({ method }) => method === "PATCH")).toHaveLength(1);
    const toast = within(said.parentElement as HTMLElement);
    await user.click(toast.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(answers.asked.filter(({ method }) => method === "PATCH")).toHaveLength(2));
    expect(await answers.asked.filter(({ method }) => method === "PATCH")[1]?.json()).toEqual({
      archived: false,
    });
  });

  it("turns memory off for this chat", async () => {
    const answers = service().on(`PATCH /api/sessions/${A}`, () =>
      json(session(A, { memory_enabled: false })),
    );
    const user = await opened();
    await user.click(screen.getByRole("menuitem", { name: "Turn memory off" }));
    expect(await screen.findByText(/nothing is remembered of it/)).toBeInTheDocument();
    expect(await answers.asked.find(({ method }) => method === "PATCH")?.json()).toEqual({
      memory_enabled: false,
    });
  });

  it("empties only after a word of warning, and shows the receipt", async () => {
    const answers = service().on(`POST /api/sessions/${A}/reset`, () =>
      json({ sessions: 0, messages: 4, memories: 1, note: null }),
    );
    queryClient.setQueryData(keys.messages(A), { items: [], older: null, newer: null });
    const user = await opened();
    await user.click(screen.getByRole("menuitem", { name: /Empty this chat/ }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText(/All messages of “chat 1” go/)).toBeInTheDocument();
    expect(answers.count(`POST /api/sessions/${A}/reset`)).toBe(0);
    await user.click(within(dialog).getByRole("button", { name: "Empty it" }));
    expect(await screen.findByText("4 messages and 1 memory are gone.")).toBeInTheDocument();
    expect(queryClient.getQueryData(keys.messages(A))).toBeUndefined();
  });
});
