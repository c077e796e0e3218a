import { act, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { listen } from "@/api/listening";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Message } from "@/api/types";
import { conversation, message, session } from "@/testing/samples";
import { events, FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { Conversation } from "./Conversation";
import { setDraft } from "./drafts";
import { NEW, setTurn, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const SESSION = `GET /api/sessions/${S}`;
const MESSAGES = `${SESSION}/messages`;

let service: FakeService;
let listening: AbortController;
let told: ReadableStreamDefaultController<Uint8Array>;

// What draws a conversation is loaded when it is first shown.
beforeAll(async () => {
  configure({ asyncUtilTimeout: 5_000 });
  await Promise.all([import("./Thread"), import("./markdown/Markdown")]);
}, 30_000);
afterAll(() => configure({ asyncUtilTimeout: 1_000 }));

beforeEach(() => {
  window.history.replaceState(null, "", `/c/${S}`);
  for (const key of [...Object.keys(useTurns.getState().turns), S, NEW]) {
    setTurn(key, null);
    setDraft(key, "");
  }
  service = new FakeService().install();
  service.on("GET /api/events", () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        told = controller;
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  service.on(`PATCH /api/sessions/${S}`, async (request) =>
    json(session(S, { head_id: ((await request.json()) as { head: string }).head })),
  );
  listening = new AbortController();
});
afterEach(() => listening.abort());

/** What the service has of the session from now on. */
function stands(items: Message[]): void {
  service.on(SESSION, () => json(session(S, { head_id: items.at(-1)?.id ?? null })));
  service.on(MESSAGES, () => json({ items, next_cursor: null, previous_cursor: null }));
}

async function open(items: Message[]): Promise<void> {
  stands(items);
  show(<Conversation sessionId={S} messageId={null} />);
  await screen.findByText(items.at(-1)?.content ?? "");
}

/** Something was done to the session elsewhere. */
async function tell(data: { deleted?: boolean } = {}): Promise<void> {
  if (told === undefined || service.count("GET /api/events") === 0) {
    void listen(vi.fn(), listening.signal);
    await waitFor(() => expect(service.count("GET /api/events")).toBe(1));
  }
  const event = `id: 1\nevent: session\ndata: ${JSON.stringify({ session_id: S, deleted: false, ...data })}\n\n`;
  told.enqueue(new TextEncoder().encode(event));
}

const writing = () => screen.getByLabelText<HTMLTextAreaElement>("Your message");

describe("what is done to a chat elsewhere", () => {
  it("shows that it was deleted, and keeps what was being written", async () => {
    await open(conversation(1));
    await userEvent.type(writing(), "Half a thought");
    service.on(SESSION, () => problem(404, "session_not_found"));
    service.on(MESSAGES, () => problem(404, "session_not_found"));
    await tell({ deleted: true });
    expect(await screen.findByText("This chat is gone")).toBeInTheDocument();
    expect(screen.queryByText("words of a1")).toBeNull();
    expect(screen.getByText("What you were writing waits for you in a new chat.")).toBeInTheDocument();
    expect(localStorage.getItem(`memocha:draft:${NEW}`)).toBe("Half a thought");
  });

  it("keeps what was sent to a chat that had been deleted unnoticed", async () => {
    await open(conversation(1));
    for (const route of [SESSION, MESSAGES, "POST /api/chat"])
      service.on(route, () => problem(404, "session_not_found"));
    await userEvent.type(writing(), "A whole thought{Enter}");
    expect(await screen.findByText("This chat is gone")).toBeInTheDocument();
    await waitFor(() => expect(localStorage.getItem(`memocha:draft:${NEW}`)).toBe("A whole thought"));
  });

  it("shows that it was emptied", async () => {
    await open(conversation(2));
    stands([]);
    await tell();
    await waitFor(() => expect(screen.queryByText("words of q1")).toBeNull());
    expect(writing()).toBeInTheDocument();
  });

  it("shows the branch that was chosen", async () => {
    await open(conversation(2));
    stands([...conversation(1), message("q2b", "user"), message("a2b", "assistant")]);
    await tell();
    expect(await screen.findByText("words of a2b")).toBeInTheDocument();
    expect(screen.queryByText("words of a2")).toBeNull();
  });

  it("asks for no messages where none changed, and leaves one in the middle who reads there", async () => {
    await open(conversation(2));
    const before = service.count(MESSAGES);
    await tell();
    await waitFor(() => expect(service.count(SESSION)).toBe(2));
    await waitFor(() => expect(queryClient.isFetching()).toBe(0));
    expect(service.count(MESSAGES)).toBe(before);

    act(() => {
      queryClient.setQueryData(keys.messages(S), { items: conversation(1), older: null, newer: "after.a1" });
    });
    stands([...conversation(1), message("q2b", "user"), message("a2b", "assistant")]);
    await tell();
    await waitFor(() => expect(service.count(SESSION)).toBe(3));
    await waitFor(() => expect(queryClient.isFetching()).toBe(0));
    expect(service.count(MESSAGES)).toBe(before);
  });
});

describe("what a message had forgotten", () => {
  const QUESTION = message("q2", "user", { content: "Forget my shoe size", forgotten: 2 });
  const ANSWER = message("a2", "assistant", { parent_id: "q2" });

  it("is counted under the answer as soon as it is told, and when it is read back", async () => {
    await open(conversation(1));
    let run: ReadableStreamDefaultController<Uint8Array> | undefined;
    const say = (id: number, event: string, data: unknown) =>
      run?.enqueue(new TextEncoder().encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    service.on("POST /api/chat", () => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          run = controller;
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    await userEvent.type(writing(), "Forget my shoe size{Enter}");
    await waitFor(() => expect(run).toBeDefined());
    say(1, "run", { run_id: "r", session_id: S, user_message_id: "q2", message_id: "a2", title: "" });
    say(2, "memories", { items: [], degraded: false, forgotten: 2, took_ms: 1 });
    expect(await screen.findByText("Forgotten: 2 memories")).toBeInTheDocument();
    stands([...conversation(1), QUESTION, ANSWER]);
    say(3, "done", { message_id: "a2", finish_reason: "stop" });
    expect(await screen.findByText("words of a2")).toBeInTheDocument();
    expect(screen.getByText("Forgotten: 2 memories")).toBeInTheDocument();
  });

  it("is counted after a reload", async () => {
    await open([{ ...QUESTION, forgotten: 1 }, ANSWER]);
    expect(screen.getByText("Forgotten: 1 memory")).toBeInTheDocument();
  });
});

describe("an edit that was not sent", () => {
  const edit = (words: string) => {
    fireEvent.change(screen.getByRole("textbox", { name: "Edit" }), { target: { value: words } });
    fireEvent.click(screen.getAllByRole("button", { name: "Send" })[0] as HTMLElement);
  };
  const asked = async () =>
    (await service.asked
      .findLast((each) => each.url.endsWith("/api/chat"))
      ?.clone()
      .json()) ?? null;

  beforeEach(async () => {
    service.on("POST /api/chat", () => problem(503, "database_unavailable"));
    await open(conversation(2));
    await userEvent.click(screen.getAllByRole("button", { name: "Edit" })[1] as HTMLElement);
    edit("Otherwise");
    await screen.findByText(/nothing was sent/);
  });

  it("stays an edit of the same message when it is edited again", async () => {
    await userEvent.click(screen.getAllByRole("button", { name: "Edit" }).at(-1) as HTMLElement);
    expect(screen.getByRole("textbox", { name: "Edit" })).toHaveValue("Otherwise");
    expect(writing()).toHaveValue("");
    expect(screen.queryByText(/nothing was sent/)).toBeNull();
    service.on("POST /api/chat", () => new Promise(() => {}));
    edit("Quite otherwise");
    await screen.findByText("Quite otherwise");
    expect(await asked()).toMatchObject({ edit_of: "q2", message: "Quite otherwise" });
    expect(screen.queryByRole("textbox", { name: "Edit" })).toBeNull();
    expect(localStorage.getItem(`memocha:unsent:${S}`)).toBe("Quite otherwise");
  });

  it("is so too by the arrow up, and can be sent as it was", async () => {
    await userEvent.type(writing(), "{ArrowUp}");
    edit("Otherwise");
    await waitFor(() => expect(service.count("POST /api/chat")).toBe(2));
    expect(await asked()).toMatchObject({ edit_of: "q2", message: "Otherwise" });
  });

  it("gives place to another message that is sent meanwhile", async () => {
    await userEvent.type(writing(), "{ArrowUp}");
    service.on("POST /api/chat", () => new Promise(() => {}));
    await userEvent.type(writing(), "Something else{Enter}");
    expect(await screen.findByText("Something else")).toBeInTheDocument();
    expect(screen.queryByRole("textbox", { name: "Edit" })).toBeNull();
    expect(writing()).toHaveFocus();
    expect(writing()).toHaveValue("Otherwise");
  });

  it("is as it was when editing it again is left, and gone when it is discarded", async () => {
    await userEvent.click(screen.getAllByRole("button", { name: "Edit" }).at(-1) as HTMLElement);
    await userEvent.keyboard("{Escape}");
    expect(screen.getByText("Otherwise")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.getByText("words of q2")).toBeInTheDocument();
    expect(screen.queryByText("Otherwise")).toBeNull();
  });
});

describe("the focus", () => {
  const siblings = ["a1", "a1b"];
  const first = message("a1", "assistant", { parent_id: "q1", siblings });
  const second = message("a1b", "assistant", { parent_id: "q1", siblings });
  const button = (name: string) => screen.getByRole("button", { name });

  it("goes with one to another version, and to the way back at the last", async () => {
    await open([message("q1", "user"), second]);
    stands([message("q1", "user"), first]);
    await userEvent.click(button("Older version"));
    await screen.findByText("words of a1");
    expect(button("Older version")).toBeDisabled();
    expect(button("Newer version")).toHaveFocus();
  });

  it("stays with an answer that is gone on from", async () => {
    service.on("POST /api/chat", () => new Promise(() => {}));
    await open([message("q1", "user"), message("a1", "assistant", { finish_reason: "length" })]);
    button("Continue").focus();
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByText("Continue where you stopped.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-row", "a1"));
  });

  it("waits for the new answer at its row, and is at the same button then", async () => {
    await open([message("q1", "user"), first]);
    let answer: (response: Response) => void = () => {};
    service.on("POST /api/chat", () => new Promise((resolve) => (answer = resolve)));
    await userEvent.click(button("Answer again"));
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-row"));
    stands([message("q1", "user"), second]);
    answer(
      events([
        [1, "run", { run_id: "r", session_id: S, user_message_id: "q1", message_id: "a1b", title: "" }],
        [2, "token", { text: "Or so" }],
        [3, "done", { message_id: "a1b", finish_reason: "stop" }],
      ]),
    );
    await screen.findByText("words of a1b");
    await waitFor(() => expect(button("Answer again")).toHaveFocus());
  });

  it("is at the Edit button after an edit that was left, and in the field after one that was sent", async () => {
    service.on("POST /api/chat", () => new Promise(() => {}));
    await open(conversation(1));
    await userEvent.click(button("Edit"));
    await userEvent.keyboard("{Escape}");
    expect(button("Edit")).toHaveFocus();
    await userEvent.click(button("Edit"));
    fireEvent.change(screen.getByRole("textbox", { name: "Edit" }), { target: { value: "Otherwise" } });
    await userEvent.keyboard("{Enter}");
    await screen.findByText("Otherwise");
    expect(writing()).toHaveFocus();
  });
});
