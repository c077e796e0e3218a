import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noteAccounts } from "@/api/credential";
import { Keys } from "@/settings/Keys";
import { SettingsPage } from "@/settings/SettingsPage";
import { loadPage } from "@/shell/load";
import { ACCOUNT, AUTH, KEY, SIGN_IN } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { AccountRow } from "./AccountRow";
import { AccountSettings } from "./AccountSettings";
import { readAgent } from "./agent";
import { Users } from "./Users";

vi.mock("@/shell/load", () => ({ loadPage: vi.fn() }));

let service: FakeService;

beforeEach(() => {
  noteAccounts(true);
  service = new FakeService()
    .on("GET /api/auth", () => json(AUTH))
    .on("GET /api/auth/sign-ins", () => json({ items: [SIGN_IN, { ...SIGN_IN, id: "s2", current: false }] }))
    .on("GET /api/keys", () => json({ items: [KEY] }))
    .on("GET /api/users", () =>
      json({ items: [{ ...ACCOUNT, id: "u1", login: "ada", role: "admin" }, ACCOUNT] }),
    )
    .install();
});
afterEach(() => {
  vi.mocked(loadPage).mockReset();
  noteAccounts(false);
});

const sent = (route: string) =>
  service.asked
    .filter((each) => `${each.method} ${new URL(each.url).pathname}` === route)
    .at(-1)
    ?.json();

describe("the account", () => {
  it("is named in the sidebar, and left from there with all that is kept of it", async () => {
    localStorage.setItem("memocha:draft:new", "half a thought");
    service.on("POST /api/auth/sign-out", () => new Response(null, { status: 204 }));
    show(<AccountRow />);
    expect(await screen.findByRole("link", { name: "ada" })).toHaveAttribute("href", "/settings#account");
    await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
    await waitFor(() => expect(loadPage).toHaveBeenCalledWith("/"));
    expect({ ...localStorage }).toEqual({ "memocha:accounts": "1" });
  });

  it("stays signed in where signing out does not reach the service", async () => {
    localStorage.setItem("memocha:draft:new", "half a thought");
    service.on("POST /api/auth/sign-out", () => Promise.reject(new TypeError("network error")));
    show(<AccountRow />);
    await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
    expect(await screen.findByText(/could not be reached/)).toBeInTheDocument();
    expect(localStorage.getItem("memocha:draft:new")).toBe("half a thought");
    expect(loadPage).not.toHaveBeenCalled();
  });

  it("has no password to change where a provider is signed in with", async () => {
    service.on("GET /api/auth", () => json({ ...AUTH, has_password: false }));
    show(<AccountSettings />);
    expect(await screen.findByText("Signed in as ada")).toBeInTheDocument();
    expect(screen.queryByLabelText("New password")).toBeNull();
  });

  it("changes the password, and says when the present one is wrong", async () => {
    service.on(
      "POST /api/auth/password",
      () => problem(401, "wrong_password"),
      () => new Response(null, { status: 204 }),
    );
    show(<AccountSettings />);
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("Present password"), "the present one");
    await user.type(screen.getByLabelText("New password"), "another that is long{Enter}");
    expect(await screen.findByText("That is not your present password.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Change it" }));
    expect(await screen.findByText(/Your password is changed/)).toBeInTheDocument();
    expect(screen.getByLabelText("New password")).toHaveValue("");
  });

  it("tells where one is signed in, and ends another sign-in but not this one", async () => {
    service.on("DELETE /api/auth/sign-ins/s2", () => json({ sign_ins: 1 }));
    show(<AccountSettings />);
    expect(await screen.findAllByText(/Firefox on Linux/)).toHaveLength(2);
    expect(screen.getByText(/· this browser/)).toBeInTheDocument();
    const buttons = screen.getAllByRole("button", { name: "End the sign-in: Firefox on Linux" });
    expect(buttons).toHaveLength(1);
    await userEvent.click(buttons[0] as HTMLElement);
    expect(await screen.findByText("Ended.")).toBeInTheDocument();
    expect(service.count("DELETE /api/auth/sign-ins/s2")).toBe(1);
    await waitFor(() => expect(service.count("GET /api/auth/sign-ins")).toBe(2));
  });
});

describe("keys", () => {
  it("are listed with what they may do, and revoked after a question", async () => {
    service.on("DELETE /api/keys/k1", () => new Response(null, { status: 204 }));
    show(<Keys />);
    expect(await screen.findByText("Talk, and read your chats · See and search your memories")).toBeVisible();
    expect(screen.getByText(/never used/)).toBeInTheDocument();
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Revoke Terminal" }));
    const dialog = screen.getByRole("dialog");
    expect(dialog).toHaveTextContent("Programs that use Terminal are refused from now on.");
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(service.count("DELETE /api/keys/k1")).toBe(0);
    await user.click(screen.getByRole("button", { name: "Revoke Terminal" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Revoke" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(service.count("DELETE /api/keys/k1")).toBe(1);
  });

  it("are made with a name, scopes and an end, and shown once", async () => {
    service.on("POST /api/keys", () => json({ ...KEY, key: "mem_the_whole_key" }, 201));
    show(<Keys />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "New key" }));
    await user.click(screen.getByRole("button", { name: "Make it" }));
    expect(screen.getByText(/Give it a name/)).toBeInTheDocument();
    expect(screen.queryByLabelText(/accounts of others/)).toBeNull();
    await user.type(screen.getByLabelText("Name"), "Terminal");
    await user.click(screen.getByLabelText("Talk, and read your chats"));
    await user.click(screen.getByLabelText("See and search your memories"));
    await user.click(screen.getByRole("button", { name: "Make it" }));
    expect(screen.getByText("Choose one thing at least.")).toBeInTheDocument();
    await user.click(screen.getByLabelText("Add, change and forget memories"));
    await user.click(screen.getByLabelText("Until revoked"));
    await user.click(screen.getByRole("button", { name: "Make it" }));
    expect(await screen.findByText("mem_the_whole_key")).toBeInTheDocument();
    expect(await sent("POST /api/keys")).toEqual({
      name: "Terminal",
      scopes: ["memories:write"],
      expires_at: null,
    });
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(screen.queryByText("mem_the_whole_key")).toBeNull();
  });

  it("end within three months where nothing else is chosen", async () => {
    service.on("POST /api/keys", () => json({ ...KEY, key: "mem_the_whole_key" }, 201));
    show(<Keys />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "New key" }));
    await user.type(screen.getByLabelText("Name"), "Terminal{Enter}");
    await screen.findByText("mem_the_whole_key");
    const { expires_at: end } = await sent("POST /api/keys");
    expect((Date.parse(end) - Date.now()) / 86_400_000).toBeCloseTo(90, 1);
  });

  it("have examples that send one", () => {
    show(<Keys />);
    expect(screen.getByText(/^curl -H "Authorization: Bearer \$MEMOCHA_API_KEY" --json/)).toBeInTheDocument();
  });
});

describe("people", () => {
  const ask = async (action: string) => {
    await userEvent.click(await screen.findByRole("button", { name: "Actions for bob" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: action }));
  };

  it("are listed without a word of theirs, and nobody locks themselves out", async () => {
    show(<Users />);
    expect(await screen.findByText(/never a word of what they said/)).toBeInTheDocument();
    expect(await screen.findByText(/2 chats, 3 memories/, { selector: "li:last-child p" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Actions for ada" })).toBeNull();
  });

  it("are given an account with a password that is shown once", async () => {
    service.on(
      "POST /api/users",
      () => problem(409, "login_taken"),
      () => json({ ...ACCOUNT, login: "carol", one_time_password: "four-words-to-pass-on" }, 201),
    );
    show(<Users />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "New account" }));
    await user.type(screen.getByLabelText("Login"), "carol");
    await user.click(screen.getByLabelText("Admin"));
    await user.click(screen.getByRole("button", { name: "Make it" }));
    expect(await screen.findByText("There is an account of that login already.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Make it" }));
    expect(await screen.findByText("four-words-to-pass-on")).toBeInTheDocument();
    expect(await sent("POST /api/users")).toEqual({ login: "carol", role: "admin" });
  });

  it("are locked out after a question, and what cannot be is said", async () => {
    service.on("PATCH /api/users/u2", () => json({ ...ACCOUNT, one_time_password: null }));
    show(<Users />);
    await ask("Lock out");
    expect(screen.getByRole("dialog", { name: "Lock bob out?" })).toBeInTheDocument();
    await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Lock out" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await sent("PATCH /api/users/u2")).toEqual({ disabled: true });

    service.on("PATCH /api/users/u2", () => problem(409, "last_admin"));
    await ask("Make an admin");
    expect(await screen.findByText("This is the last admin. Make another first.")).toBeInTheDocument();
  });

  it("are deleted when their login was typed", async () => {
    service.on("DELETE /api/users/u2", () => json({}));
    show(<Users />);
    await ask("Delete");
    const button = within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" });
    expect(button).toBeDisabled();
    await userEvent.type(screen.getByLabelText("Type bob to go on"), "bob{Enter}");
    expect(await screen.findByText(/bob is deleted/)).toBeInTheDocument();
    expect(service.count("DELETE /api/users/u2")).toBe(1);
  });
});

describe("the settings", () => {
  const links = () => screen.getAllByRole("link").map(({ textContent }) => textContent);

  it.each([
    ["nobody signs in", { ...AUTH, mode: "open", login: null, role: null }, false, false],
    ["a member is signed in", AUTH, true, false],
    ["an admin is", { ...AUTH, role: "admin" }, true, true],
  ])("have sections for accounts where %s", async (_, auth, account, people) => {
    service.on("GET /api/auth", () => json(auth)).on("GET /api/me", () => problem(503, "shutting_down"));
    show(<SettingsPage />);
    await waitFor(() => expect(links().some((text) => text?.startsWith("Account"))).toBe(account));
    expect(links().some((text) => text?.startsWith("People"))).toBe(people);
  });
});

describe("what a browser calls itself", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari on iOS",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
      "Chrome on Android",
    ],
    ["curl/8.0", null],
  ])("%s", (agent, words) => {
    const read = readAgent(agent);
    expect(read && `${read.browser} on ${read.system}`).toBe(words);
  });
});
