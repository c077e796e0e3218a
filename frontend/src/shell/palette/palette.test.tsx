import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { close as closeOpened, useOpened } from "@/memory/opened";
import { useLayers } from "@/shell/layers";
import { chatPath, navigate } from "@/shell/router";
import { useSidebar } from "@/shell/sidebar-state";
import { currentTheme, setTheme } from "@/shell/theme";
import { memory, session } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { CommandPalette } from "./CommandPalette";
import { fits } from "./commands";

const A = "0199a3c0-0000-7000-8000-0000000000a1";
const B = "0199a3c0-0000-7000-8000-0000000000b2";
const M = "0199a3c1-0f4d-7d22-9b6c-4e3f7d2f8c11";

function service(): FakeService {
  return new FakeService()
    .on("GET /api/sessions", ({ url }) => {
      const { searchParams } = new URL(url);
      const search = searchParams.get("search");
      if (search === null) return json({ items: [session(A), session(B)], next_cursor: null });
      const match = { message_id: M, text: "A closed room with the <b>Radio</b> on." };
      const found = session(B, { title: "Thunder and dogs", match, archived: true });
      const items = search === "radio" && searchParams.get("archived") === "any" ? [found] : [];
      return json({ items, next_cursor: null });
    })
    .on("GET /api/memories/search", () =>
      json({
        items: [
          { ...memory("near", { text: "Biscuit likes the radio." }), relevant: true },
          { ...memory("far", { text: "You live in Lisbon." }), relevant: false },
        ],
        degraded: false,
      }),
    )
    .on(`GET /api/sessions/${A}`, () => json(session(A)))
    .on("GET /api/models", () => json({ items: [] }))
    .install();
}

function Palette() {
  const [open, setOpen] = useState(true);
  return open ? <CommandPalette open onOpenChange={setOpen} /> : <p>closed</p>;
}

const option = (name: RegExp | string) => screen.findByRole("option", { name });
const chosen = () => document.querySelector('[cmdk-item][data-selected="true"]');

beforeEach(() => {
  navigate("/memory", { replace: true });
});
afterEach(() => {
  setTheme("system");
  useLayers.setState({ open: null });
});

describe("the palette", () => {
  it("begins with the likeliest, its field ready to write in", async () => {
    service();
    show(<Palette />);
    expect(screen.getByRole("combobox")).toHaveFocus();
    await option("chat 1");
    await waitFor(() => expect(chosen()).toHaveTextContent("New chat"));
    await userEvent.setup().keyboard("{Enter}");
    expect(window.location.pathname).toBe("/");
    expect(screen.getByText("closed")).toBeInTheDocument();
  });

  it("opens a chat at the message that has the words, which are marked and no markup", async () => {
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("radio");
    const hit = await option(/Thunder and dogs/);
    expect(within(hit).getByText("Radio").tagName).toBe("MARK");
    expect(hit).toHaveTextContent("A closed room with the <b>Radio</b> on.");
    await waitFor(() => expect(chosen()).toBe(hit));
    await user.keyboard("{Enter}");
    expect(window.location.href).toContain(chatPath(B, M));
  });

  it("shows the memories that have to do with it, and asks the memory page", async () => {
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("radio & rain");
    await option("Ask your memory: “radio & rain”");
    expect(await option(/Biscuit likes the radio/)).toBeInTheDocument();
    expect(screen.queryByText("You live in Lisbon.")).toBeNull();
    expect(await screen.findByText("No chat has these words in it.")).toBeInTheDocument();
    await user.click(await option("Ask your memory: “radio & rain”"));
    expect(window.location.pathname + window.location.search).toBe("/memory?q=radio%20%26%20rain");
  });

  it("opens a memory that was chosen, and says of a chat that it is archived", async () => {
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("radio");
    expect(await option(/Thunder and dogs.*Archived/)).toBeInTheDocument();
    await user.click(await option(/Biscuit likes the radio/));
    expect(window.location.pathname).toBe("/memory");
    expect(useOpened.getState().opened).toEqual({ name: "detail", id: "near" });
  });

  it("stays where one has gone, though more is found", async () => {
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("new");
    await user.keyboard("{ArrowDown}");
    const here = chosen()?.textContent;
    expect(here).not.toContain("New chat");
    await option(/Biscuit likes/);
    expect(chosen()?.textContent).toBe(here);
  });

  it("finds commands by other words, and changes the theme on a page of its own", async () => {
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("dark");
    await user.click(await option("Switch theme…"));
    expect(await option("Light")).toBeInTheDocument();
    await user.keyboard("{Backspace}");
    expect(await option(/^New chat/)).toBeInTheDocument();
    await user.keyboard("appearance{Enter}");
    await user.keyboard("dark{Enter}");
    expect(currentTheme()).toBe("dark");
    expect(screen.getByText("closed")).toBeInTheDocument();
  });

  it.each([
    ["Import", "import"],
    ["Clear all memory", "clear"],
    ["Add a memory", "add"],
  ])("leads to %s on the memory page, where it lies over it", async (words, name) => {
    service();
    navigate("/");
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard(words);
    await user.click(await option(new RegExp(`^${words}`)));
    expect(window.location.pathname).toBe("/memory");
    await waitFor(() => expect(useOpened.getState().opened?.name).toBe(name));
    closeOpened();
  });

  it("deletes the chat that is open, with a way back", async () => {
    service();
    navigate(chatPath(A));
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("delete");
    await user.click(await option("Delete this chat and forget what it taught"));
    expect(window.location.pathname).toBe("/");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(window.location.pathname).toBe(chatPath(A));
  });

  it("hides the sidebar where there is one", async () => {
    const wide = { matches: true, addEventListener() {}, removeEventListener() {} };
    const media = vi.spyOn(window, "matchMedia").mockReturnValue(wide as unknown as MediaQueryList);
    service();
    show(<Palette />);
    const user = userEvent.setup();
    await user.keyboard("sidebar");
    await user.click(await option(/Show or hide the sidebar/));
    expect(useSidebar.getState().open).toBe(false);
    useSidebar.getState().toggle();
    media.mockRestore();
  });

  it("offers what is about this chat only in one", async () => {
    const answers = service().on(`PATCH /api/sessions/${A}`, () =>
      json(session(A, { memory_enabled: false })),
    );
    const { unmount } = show(<Palette />);
    await option(/^New chat/);
    expect(screen.queryByText(/for this chat/)).toBeNull();
    unmount();
    navigate(chatPath(A));
    show(<Palette />);
    await userEvent.setup().click(await option("Turn memory off for this chat"));
    await waitFor(() => expect(answers.count(`PATCH /api/sessions/${A}`)).toBe(1));
    expect(await answers.asked.find(({ method }) => method === "PATCH")?.json()).toEqual({
      memory_enabled: false,
    });
  });

  it("shows the keys in its place", async () => {
    service();
    useLayers.getState().show("palette");
    show(<Palette />);
    await userEvent.setup().click(await option(/Show keys/));
    expect(useLayers.getState().open).toBe("shortcuts");
  });
});

describe("fits", () => {
  it.each([
    ["", "New chat", true],
    ["ch ne", "New chat", true],
    ["hat", "New chat", false],
    ["NEW", "new chat", true],
    ["主题", "切换主题…", true],
    ["settings x", "Go to settings", false],
  ])("%j in %j: %j", (words, text, does) => {
    expect(fits(words, text)).toBe(does);
  });
});
