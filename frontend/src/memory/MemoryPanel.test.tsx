import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { IntlProvider } from "use-intl";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { RecalledMemory } from "@/api/types";
import en from "@/i18n/en";
import rooms from "@/i18n/en-rooms";
import { memory, message } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { Toasts } from "@/ui/Toast";
import { MemoryPanel } from "./MemoryPanel";

const SESSION = "0190a000-0000-7000-8000-000000000001";
const MESSAGE = "0190a000-0000-7000-8000-000000000002";
const SAID = "2026-03-14T10:00:00Z";
const SOURCE = { session_id: SESSION, message_id: MESSAGE, external_id: null, created_at: SAID, quote: null };

function detail(id: string, more = {}) {
  const { in_view: _, ...rest } = memory(id, more);
  return { ...rest, history: [], earlier: [] };
}

function service(about_me = ""): FakeService {
  return new FakeService()
    .on("GET /api/me", () => json({ memory_enabled: true, about_me, how_to_answer: "" }))
    .install();
}

function show(memories: RecalledMemory[], focus: number | null = null) {
  const shown = (asking: number) => (
    <IntlProvider locale="en" messages={{ ...en, ...rooms }} timeZone="UTC">
      <QueryClientProvider client={queryClient}>
        <button type="button">the chip</button>
        <MemoryPanel
          sessionId={SESSION}
          answerId="answer"
          memories={memories}
          focus={focus}
          asking={asking}
          onClose={() => {}}
        />
        <Toasts />
      </QueryClientProvider>
    </IntlProvider>
  );
  const page = render(shown(1));
  return { ...page, again: () => page.rerender(shown(2)) };
}

const card = (number: number) => screen.getByRole("article", { name: `Memory ${number}` });

describe("the panel", () => {
  it("shows all that the answer was given, as it was given, and what it is now", async () => {
    service()
      .on("GET /api/memories/panel-a", () =>
        json(detail("panel-a", { text: "You live in Lisbon.", pinned: true })),
      )
      .on("GET /api/memories/panel-b", () => problem(404, "memory_not_found"));
    show([memory("panel-a", { in_view: true, score: 0.4, number: 1 }), memory("panel-b", { number: 2 })]);
    expect(screen.getByRole("heading", { name: "What I remembered" })).toHaveFocus();
    expect(await within(card(1)).findByText("Now: You live in Lisbon.")).toBeInTheDocument();
    expect(within(card(1)).getByText("memory panel-a")).toBeInTheDocument();
    expect(within(card(1)).getByText(/still in the conversation/)).toBeInTheDocument();
    expect(within(card(1)).getByRole("meter", { name: "Strength 48%" })).toBeInTheDocument();
    expect(within(card(1)).getByRole("button", { name: "Unpin" })).toBeInTheDocument();
    expect(await within(card(2)).findByText("You have forgotten this since.")).toBeInTheDocument();
    expect(within(card(2)).queryByRole("button", { name: "Forget" })).toBeNull();
  });

  it("tells what else shaped the answer, and that words alone were searched", async () => {
    service("I keep bees.");
    queryClient.setQueryData(keys.messages(SESSION), {
      items: [message("answer", "assistant", { degraded: true })],
      older: null,
      newer: null,
    });
    show([]);
    expect(await screen.findByText(/your custom instructions/)).toBeInTheDocument();
    expect(screen.getByText(/words alone were searched/)).toBeInTheDocument();
  });

  it("marks a chat that is archived, and one that was deleted", async () => {
    const archived = { session_id: SESSION, session_title: "Dinner", session_archived: true };
    service();
    show([
      memory("panel-i", { ...archived, number: 1 }),
      memory("panel-j", { kind: "episode", number: 2 }),
      memory("panel-k", { number: 3 }),
    ]);
    expect(within(card(1)).getByText(/Dinner \(archived\)/)).toBeInTheDocument();
    expect(within(card(2)).getByText(/A deleted chat/)).toBeInTheDocument();
    // It may have been typed in by hand.
    expect(within(card(3)).queryByText(/deleted chat/)).toBeNull();
    expect(within(card(3)).getByText("No chat is behind it")).toBeInTheDocument();
  });

  it("opens the message, says when it is on another branch, and stays when its chat is gone", async () => {
    const route = `GET /api/sessions/${SESSION}/messages`;
    const answers = service().on("GET /api/memories/panel-c", () =>
      json(detail("panel-c", { sources: [SOURCE], created_at: SAID })),
    );
    show([memory("panel-c", { sources: [SOURCE], created_at: SAID })]);
    const user = userEvent.setup();
    const button = screen.getByRole("button", { name: "Open message" });
    answers.on(route, () => problem(404, "session_not_found"));
    await user.click(button);
    expect(await screen.findByText("The chat that this came from was deleted.")).toBeInTheDocument();
    expect(window.location.pathname).toBe("/");
    answers.on(route, () => problem(409, "not_on_branch"));
    await user.click(button);
    expect(await screen.findByText(/another version of the chat/)).toBeInTheDocument();
    await waitFor(() =>
      expect(window.location.pathname + window.location.hash).toBe(`/c/${SESSION}#m-${MESSAGE}`),
    );
  });

  it("shows each by the number that the answer cites it by, and goes to the one that was asked for", () => {
    service();
    show([memory("panel-f", { number: 12 }), memory("panel-g", { number: 3 }), memory("panel-h")], 3);
    expect(within(card(12)).getByText("memory panel-f")).toBeInTheDocument();
    expect(card(3)).toHaveFocus();
    const bare = screen.getByRole("article", { name: "memory panel-h" });
    expect(within(bare).queryByText(/^\d+$/)).toBeNull();
  });

  it("hides what is forgotten and does not ask for it again", async () => {
    const answers = service().on("GET /api/memories/panel-d", () => json(detail("panel-d")));
    show([memory("panel-d", { number: 1 }), memory("panel-e", { number: 2 })]);
    const user = userEvent.setup();
    await waitFor(() => expect(answers.count("GET /api/memories/panel-d")).toBe(1));
    await user.click(within(card(1)).getByRole("button", { name: "Forget" }));
    expect(screen.queryByRole("article", { name: "Memory 1" })).toBeNull();
    // What is left keeps the number that the answer cites it by.
    expect(card(2)).toBeInTheDocument();
    await queryClient.invalidateQueries({ queryKey: keys.memories });
    expect(answers.count("GET /api/memories/panel-d")).toBe(1);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(card(1)).toBeInTheDocument();
  });

  it("looks again at a memory that is asked for again", () => {
    service();
    const { again } = show([memory("a", { number: 1 }), memory("b", { number: 2 })], 2);
    expect(card(2)).toHaveFocus();
    screen.getByRole("button", { name: "the chip" }).focus();
    const glowed = card(2);
    again();
    expect(card(2)).toHaveFocus();
    // It glows as it appears.
    expect(card(2)).not.toBe(glowed);
  });
});
