import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { IntlProvider } from "use-intl";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import en from "@/i18n/en";
import enRooms from "@/i18n/en-rooms";
import { LiveRegion } from "@/shell/announce";
import { navigate } from "@/shell/router";
import { conversation, ME, session } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { Composer } from "./Composer";
import { setDraft } from "./drafts";
import { NEW, newTurn, outlineOf, setTurn, type Turn, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
let service: FakeService;

beforeEach(() => {
  service = new FakeService().install().on("POST /api/chat", () => new Promise(() => {}));
  for (const key of [...Object.keys(useTurns.getState().turns), S, NEW]) {
    setTurn(key, null);
    setDraft(key, "");
  }
});

function show(more: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onEditLast = vi.fn();
  const history = { items: conversation(1), older: null, newer: null };
  const props = {
    sessionId: S,
    session: session(S),
    history,
    turn: null,
    temporary: false,
    options: { temporary: false, memory: true },
  };
  const shown = (changed: Partial<typeof props> = {}) => (
    <QueryClientProvider client={queryClient}>
      <IntlProvider locale="en" messages={{ ...en, ...enRooms }} timeZone="UTC">
        <Composer {...props} onOptions={vi.fn()} onEditLast={onEditLast} {...more} {...changed} />
        <LiveRegion />
      </IntlProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(shown());
  const again = (changed: Partial<typeof props>) => rerender(shown(changed));
  return { again, field: screen.getByLabelText<HTMLTextAreaElement>("Your message"), onEditLast };
}

const sent = async () =>
  (await service.asked
    .find((each) => each.url.endsWith("/api/chat"))
    ?.clone()
    .json()) ?? null;

const keptWords = () => JSON.stringify({ ...localStorage });

const failed = (question: string, sessionId: string | null = S): Turn => ({
  ...newTurn({ sessionId, request: { message: question, temporary: false }, after: null, question }),
  status: "error",
  failure: { code: "offline", title: "Away.", retryable: true },
});

describe("the composer", () => {
  it("sends with Enter, after what is there, and is empty then", async () => {
    const { field } = show();
    await userEvent.type(field, "Hello there{Enter}");
    await waitFor(async () => expect(await sent()).toMatchObject({ session_id: S, message: "Hello there" }));
    expect(field.value).toBe("");
    expect(useTurns.getState().turns[S]?.after).toBe("a1");
  });

  it("keeps what is being sent where a reload finds it", async () => {
    const { field } = show();
    await userEvent.type(field, "Not to be lost{Enter}");
    expect(field.value).toBe("");
    expect(keptWords()).toContain("Not to be lost");
  });

  it("keeps nothing of what is sent in a temporary chat", async () => {
    const options = { temporary: true, memory: true };
    const { field } = show({ sessionId: null, history: null, temporary: true, options });
    await userEvent.type(field, "between us{Enter}");
    await waitFor(async () => expect(await sent()).not.toBeNull());
    expect(keptWords()).not.toContain("between us");
  });

  it("takes an unsent message back to the field when another is sent in its place", async () => {
    const turn = failed("the first words");
    setTurn(S, turn);
    const { field } = show({ turn: outlineOf(turn) });
    await userEvent.type(field, "other words{Enter}");
    await waitFor(async () => expect(await sent()).toMatchObject({ message: "other words" }));
    expect(field.value).toBe("the first words");
    expect(keptWords()).toContain("the first words");
    expect(keptWords()).toContain("other words");
  });

  it("gives a new chat when one is asked for where the first message failed, with its words in the field", async () => {
    window.history.replaceState(null, "", "/");
    const { field } = show({ sessionId: null, history: null });
    act(() => setTurn(NEW, failed("the first words", null)));
    expect(field.value).toBe("");
    act(() => navigate("/"));
    expect(useTurns.getState().turns[NEW]).toBeUndefined();
    expect(field.value).toBe("the first words");
  });

  it("leaves out characters that cannot be sent", () => {
    const { field } = show();
    fireEvent.change(field, { target: { value: "be\0fore" } });
    expect(field.value).toBe("before");
  });

  it("says when no more fits, cuts nothing, and sends nothing that is too long", async () => {
    service.on("GET /api/me", () => json({ ...ME, service: { ...ME.service, message_limit: 100 } }));
    const { field } = show();
    await waitFor(() => expect(queryClient.getQueryData(["me"])).toBeDefined());
    const send = screen.getByRole("button", { name: "Send" });
    fireEvent.change(field, { target: { value: "a".repeat(80) } });
    expect(field).not.toHaveAttribute("aria-describedby");
    fireEvent.change(field, { target: { value: "🫖".repeat(99) } });
    expect(field).toHaveAccessibleDescription("1 character left");
    expect(send).toBeEnabled();
    fireEvent.change(field, { target: { value: "🫖".repeat(103) } });
    expect(field).toHaveAccessibleDescription("3 characters too many");
    expect(field).toBeInvalid();
    expect(field.value).toBe("🫖".repeat(103));
    expect(send).toBeDisabled();
    expect(send).toHaveAttribute("data-tip", expect.stringContaining("too long to send"));
    await userEvent.type(field, "{Enter}");
    expect(await sent()).toBeNull();
    expect(screen.getByRole("status")).toHaveTextContent("too long to send");
  });

  it("begins a line with Shift and Enter", async () => {
    const { field } = show();
    await userEvent.type(field, "one{Shift>}{Enter}{/Shift}two");
    expect(field.value).toBe("one\ntwo");
    expect(await sent()).toBeNull();
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])(
    "leaves an Enter to the input method: %j",
    async (sign) => {
      const { field } = show();
      await userEvent.type(field, "にほんご");
      fireEvent.keyDown(field, { key: "Enter", ...sign });
      expect(field.value).toBe("にほんご");
      expect(await sent()).toBeNull();
    },
  );

  it("sends nothing that is blank", async () => {
    const { field } = show();
    await userEvent.type(field, "   {Enter}");
    expect(await sent()).toBeNull();
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  });

  it("keeps a draft for each chat, and of temporary ones none", async () => {
    const { field } = show();
    await userEvent.type(field, "half a thought");
    expect(localStorage.getItem(`memocha:draft:${S}`)).toBe("half a thought");
    setDraft(NEW, "secret", true);
    expect(JSON.stringify({ ...localStorage })).not.toContain("secret");
  });

  it("keeps nothing of what is written in a temporary chat, also before it is known to be one", async () => {
    localStorage.setItem(`memocha:draft:${S}`, "from before");
    const { field, again } = show({ session: null });
    fireEvent.change(field, { target: { value: "between us" } });
    expect(keptWords()).not.toContain("between us");
    expect(keptWords()).toContain("from before");
    again({ session: session(S, { temporary: true }), temporary: true });
    expect(field.value).toBe("between us");
    expect(keptWords()).toBe("{}");
    fireEvent.change(field, { target: { value: "between us two" } });
    expect(keptWords()).toBe("{}");
  });

  it("keeps what was written before a chat was known to be an ordinary one", async () => {
    const { field, again } = show({ session: null });
    fireEvent.change(field, { target: { value: "half a thought" } });
    again({ session: session(S) });
    expect(localStorage.getItem(`memocha:draft:${S}`)).toBe("half a thought");
  });

  it("stops what is on its way, and sends nothing meanwhile", async () => {
    const turn = newTurn({ sessionId: S, request: null, after: null, question: null });
    setTurn(S, turn);
    const { field } = show({ turn: outlineOf(turn) });
    expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
    await userEvent.type(field, "more{Enter}");
    expect(await sent()).toBeNull();
    fireEvent.keyDown(window, { key: "Escape" });
    await waitFor(() => expect(useTurns.getState().turns[S]?.stopping).toBe(true));
  });

  it("edits the last message with the arrow up, where nothing is written", async () => {
    const { field, onEditLast } = show();
    await userEvent.type(field, "{ArrowUp}");
    expect(onEditLast).toHaveBeenCalledWith("q1");
  });

  it("does not promise memory where that is off in settings", async () => {
    service.on("GET /api/me", () => json({ ...ME, memory_enabled: false }));
    show({ sessionId: null, history: null });
    const chip = await screen.findByRole("button", { name: "Memory is off in settings" });
    expect(chip).toHaveAttribute("aria-pressed", "false");
    queryClient.clear();
  });

  it("begins a temporary chat as one", async () => {
    const { field } = show({
      sessionId: null,
      history: null,
      temporary: true,
      options: { temporary: true, memory: true },
    });
    await userEvent.type(field, "between us{Enter}");
    await waitFor(async () => expect(await sent()).toMatchObject({ message: "between us", temporary: true }));
  });

  it("makes a chat that is not to be remembered before anything is said in it", async () => {
    service.on("POST /api/sessions", () => Response.json({ id: S }, { status: 201 }));
    const { field } = show({ sessionId: null, history: null, options: { temporary: false, memory: false } });
    await userEvent.type(field, "off the record{Enter}");
    await waitFor(async () =>
      expect(await sent()).toMatchObject({ session_id: S, message: "off the record" }),
    );
    const made = service.asked.find((each) => each.url.endsWith("/api/sessions"));
    expect(await made?.json()).toMatchObject({ memory_enabled: false });
  });
});
