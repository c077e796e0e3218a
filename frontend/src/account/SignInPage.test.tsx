import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setKey, useCredential } from "@/api/credential";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { setDraft } from "@/conversation/drafts";
import { loadPage } from "@/shell/load";
import { AUTH, ME } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { SignInPage } from "./SignInPage";

const PASSWORD = "a horse that counts to ten";
const OUT = { ...AUTH, signed_in: false, login: null, role: null };

vi.mock("@/shell/load", () => ({ loadPage: vi.fn() }));

let service: FakeService;

beforeEach(() => {
  service = new FakeService()
    .on("GET /api/auth", () => json(OUT))
    .on("GET /api/me", () => json(ME))
    .install();
  useCredential.setState({ wanted: "sign-in" });
});
afterEach(() => {
  vi.mocked(loadPage).mockReset();
  setKey(null);
});

async function signIn(): Promise<void> {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Login"), " ada ");
  await user.type(screen.getByLabelText("Password"), `${PASSWORD}{Enter}`);
}
const sent = (route: string) =>
  service.asked
    .filter((each) => `${each.method} ${new URL(each.url).pathname}` === route)
    .at(-1)
    ?.json();

describe("signing in", () => {
  it("has fields that what keeps passwords knows, the first of them focused, and drops what was read before", () => {
    queryClient.setQueryData(keys.me, ME);
    show(<SignInPage />);
    expect(screen.getByRole("heading", { level: 1, name: "Sign in" })).toBeInTheDocument();
    expect(screen.getByLabelText("Login")).toHaveAttribute("autocomplete", "username");
    expect(screen.getByLabelText("Login")).toHaveFocus();
    expect(screen.getByLabelText("Password")).toHaveAttribute("autocomplete", "current-password");
    expect(queryClient.getQueryData(keys.me)).toBeUndefined();
  });

  it("shows the password when asked to, and hides it again", async () => {
    show(<SignInPage />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Show password" }));
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "text");
    await user.click(screen.getByRole("button", { name: "Hide password" }));
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "password");
  });

  it("lets in whoever is right, without a key of earlier days, and takes their words up again", async () => {
    setKey("a key of earlier days");
    useCredential.setState({ wanted: "sign-in" });
    localStorage.setItem("memocha:user", ME.id);
    setDraft("new", "half a thought");
    service.on("POST /api/auth/sign-in", () => json(AUTH));
    show(<SignInPage />);
    await signIn();
    await waitFor(() => expect(useCredential.getState()).toMatchObject({ wanted: null, key: null }));
    expect(await sent("POST /api/auth/sign-in")).toEqual({ login: "ada", password: PASSWORD });
    expect(service.asked.at(-1)?.headers.get("authorization")).toBeNull();
    expect(localStorage.getItem("memocha:draft:new")).toBe("half a thought");
    expect(loadPage).not.toHaveBeenCalled();
  });

  it("drops all that somebody else left, but how the page looks, and begins anew", async () => {
    localStorage.setItem("memocha:user", "somebody else");
    localStorage.setItem("memocha:draft:new", "their words");
    localStorage.setItem("memocha:unsent:new", "more of their words");
    localStorage.setItem("memocha:theme", "dark");
    service.on("POST /api/auth/sign-in", () => json(AUTH));
    show(<SignInPage />);
    await signIn();
    await waitFor(() => expect(loadPage).toHaveBeenCalledWith("/"));
    expect({ ...localStorage }).toEqual({
      "memocha:user": ME.id,
      "memocha:theme": "dark",
      "memocha:accounts": "1",
    });
    expect(useCredential.getState().wanted).toBe("sign-in");
  });

  it("says that it was wrong, and has the password at hand to be typed anew", async () => {
    service.on("POST /api/auth/sign-in", () => problem(401, "wrong_password"));
    show(<SignInPage />);
    await signIn();
    expect(await screen.findByText("The login or the password is wrong.")).toHaveAttribute("role", "alert");
    expect(screen.getByLabelText("Login")).toHaveValue(" ada ");
    const field = screen.getByLabelText<HTMLInputElement>("Password");
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, PASSWORD.length]);
    expect(useCredential.getState().wanted).toBe("sign-in");
  });

  it.each([
    ["840", "There were too many attempts. Try again in 14 minutes."],
    ["61", "There were too many attempts. Try again in 61 seconds."],
    ["1", "There were too many attempts. Try again in 1 second."],
  ])("says for how long there were too many attempts: %s s", async (seconds, words) => {
    const told = { title: "Too many.", status: 429, code: "too_many_attempts" };
    service.on("POST /api/auth/sign-in", () =>
      Response.json(told, { status: 429, headers: { "retry-after": seconds } }),
    );
    show(<SignInPage />);
    await signIn();
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it("says that nothing answers, and keeps what was typed", async () => {
    service.on("POST /api/auth/sign-in", () => Promise.reject(new TypeError("network error")));
    show(<SignInPage />);
    await signIn();
    expect(await screen.findByText(/could not be reached/)).toBeInTheDocument();
    expect(screen.getByLabelText("Password")).toHaveValue(PASSWORD);
  });

  it("offers the provider where there is one, and says why it did not work out there", async () => {
    window.history.replaceState(null, "", "/sign-in?error=oidc_unknown");
    service.on("GET /api/auth", () => json({ ...OUT, oidc: "Acme" }));
    show(<SignInPage />);
    const link = await screen.findByRole("link", { name: "Sign in with Acme" });
    expect(link).toHaveAttribute("href", "/api/auth/oidc");
    expect(screen.getByText("You have no account here. Ask an admin to make one.")).toBeInTheDocument();
  });

  it("says nothing that only an address does", () => {
    window.history.replaceState(null, "", "/sign-in?error=Call+this+number");
    show(<SignInPage />);
    expect(screen.getByRole("alert")).toHaveTextContent("");
  });
});

describe("a one-time password", () => {
  it("leads to choosing another, and no further until that is done", async () => {
    service
      .on("POST /api/auth/sign-in", () => json({ ...AUTH, must_change_password: true }))
      .on(
        "GET /api/auth",
        () => json(OUT),
        () => json({ ...AUTH, must_change_password: true }),
      )
      .on("POST /api/auth/password", () => new Response(null, { status: 204 }));
    show(<SignInPage />);
    await signIn();
    expect(await screen.findByRole("heading", { name: "Choose a password of your own" })).toBeInTheDocument();
    expect(useCredential.getState().wanted).toBe("password");
    expect(service.count("GET /api/me")).toBe(0);

    const user = userEvent.setup();
    const old = screen.getByLabelText("The password you signed in with");
    await user.type(old, PASSWORD);
    const chosen = screen.getByLabelText("New password");
    expect(chosen).toHaveAttribute("autocomplete", "new-password");
    await user.type(chosen, "too short{Enter}");
    expect(screen.getByText(/Too short/)).toBeInTheDocument();
    await user.clear(chosen);
    await user.type(chosen, `${PASSWORD}{Enter}`);
    expect(screen.getByText("That is the present one.")).toBeInTheDocument();
    expect(service.count("POST /api/auth/password")).toBe(0);
    await user.type(chosen, " and back{Enter}");
    await waitFor(() => expect(useCredential.getState().wanted).toBeNull());
    expect(await sent("POST /api/auth/password")).toEqual({ old: PASSWORD, new: `${PASSWORD} and back` });
  });

  it("is asked for again where it was mistyped", async () => {
    service.on("POST /api/auth/password", () => problem(401, "wrong_password"));
    useCredential.setState({ wanted: "password" });
    show(<SignInPage />);
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("The password you signed in with"), "something else");
    await user.type(screen.getByLabelText("New password"), `${PASSWORD}{Enter}`);
    expect(await screen.findByText("That is not your present password.")).toBeInTheDocument();
    expect(useCredential.getState().wanted).toBe("password");
  });
});
