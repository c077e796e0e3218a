import { act, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { session } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { Conversation } from "./Conversation";
import { setDraft } from "./drafts";
import { beginTemporary } from "./options";
import { NEW, setTurn, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const kept = () => JSON.stringify({ ...localStorage });
const field = () => screen.getByLabelText<HTMLTextAreaElement>("Your message");
const chip = () => screen.getByRole("button", { name: "Temporary" });
const write = (value: string) => fireEvent.change(field(), { target: { value } });

beforeEach(() => {
  for (const key of Object.keys(useTurns.getState().turns)) setTurn(key, null);
  setDraft(NEW, "");
  new FakeService()
    .install()
    .on("POST /api/chat", () => new Promise(() => {}))
    .on(`GET /api/sessions/${S}`, () => json(session(S)))
    .on(`GET /api/sessions/${S}/messages`, () =>
      json({ items: [], next_cursor: null, previous_cursor: null }),
    );
});

describe("a temporary chat before its first message", () => {
  it("leaves no trace of what was written before it was chosen, and keeps it again after", async () => {
    show(<Conversation sessionId={null} messageId={null} />);
    write("between us");
    expect(kept()).toContain("between us");
    await userEvent.click(chip());
    expect(field().value).toBe("between us");
    expect(kept()).not.toContain("between us");
    await userEvent.click(chip());
    expect(kept()).toContain("between us");
  });

  it("leaves none where it is asked for elsewhere", () => {
    show(<Conversation sessionId={null} messageId={null} />);
    write("between us");
    act(() => beginTemporary());
    expect(chip()).toHaveAttribute("aria-pressed", "true");
    expect(kept()).not.toContain("between us");
  });

  it("is one again with its words when one comes back to it", async () => {
    const page = show(<Conversation sessionId={null} messageId={null} />);
    await userEvent.click(chip());
    write("between us");
    page.unmount();
    show(<Conversation sessionId={null} messageId={null} />);
    expect(field().value).toBe("between us");
    expect(chip()).toHaveAttribute("aria-pressed", "true");
    write("between us two");
    expect(kept()).not.toContain("between us");
  });

  it("looks as a new chat does, and says what it is", async () => {
    show(<Conversation sessionId={null} messageId={null} />);
    const place = () => screen.getByRole("heading", { level: 2 }).parentElement?.parentElement?.className;
    const before = place();
    expect(before).toBeDefined();
    await userEvent.click(chip());
    expect(screen.getByRole("heading", { name: "A temporary chat" })).toBeInTheDocument();
    expect(screen.getByText(/It will not be remembered/)).toBeInTheDocument();
    expect(screen.queryByText(/Tell me something/)).toBeNull();
    expect(place()).toBe(before);
  });
});
