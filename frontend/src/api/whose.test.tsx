import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeMeLeaving } from "@/settings/me";
import { loadPage } from "@/shell/load";
import { ME } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { api, take } from "./client";
import { noteRefusal, useCredential } from "./credential";
import { keys, readMe } from "./queries";
import { queryClient } from "./query-client";
import { followRun } from "./stream";
import { isStill, noteUser } from "./whose";

vi.mock("@/shell/load", () => ({ loadPage: vi.fn() }));

beforeEach(() => useCredential.setState({ wanted: null }));
afterEach(() => {
  vi.mocked(loadPage).mockReset();
  useCredential.setState({ key: null, wanted: null });
});

describe("whose page it is", () => {
  it("is the first one's, and stays theirs", () => {
    localStorage.setItem("memocha:draft:new", "half a thought");
    expect([noteUser("ada"), noteUser("ada")]).toEqual([false, false]);
    expect(localStorage.getItem("memocha:draft:new")).toBe("half a thought");
    expect(loadPage).not.toHaveBeenCalled();
  });

  it("becomes another's with nothing of the first one's left, however they came to be signed in", async () => {
    noteUser("ada");
    localStorage.setItem("memocha:draft:new", "half a thought");
    localStorage.setItem("memocha:key", "a key");
    localStorage.setItem("memocha:language", "zh");
    localStorage.setItem("another program's", "value");
    new FakeService().on("GET /api/me", () => json(ME)).install();
    await readMe();
    expect(loadPage).toHaveBeenCalledWith("/");
    expect({ ...localStorage }).toEqual({
      "memocha:user": ME.id,
      "memocha:language": "zh",
      "another program's": "value",
    });
  });

  it.each([
    ["ada", "bob", 1],
    ["ada", null, 1],
    [null, "ada", 0],
    ["ada", "ada", 0],
  ])("is loaded anew where in another tab it went from %s to %s", (oldValue, newValue, times) => {
    window.dispatchEvent(new StorageEvent("storage", { key: "memocha:user", oldValue, newValue }));
    expect(loadPage).toHaveBeenCalledTimes(times);
  });

  it("sends nothing of what was being written while it becomes another's", () => {
    const service = new FakeService().on("PATCH /api/me", () => json(ME)).install();
    queryClient.setQueryData(keys.me, ME);
    noteUser(ME.id);
    changeMeLeaving({ about_me: "mine" });
    expect(service.count("PATCH /api/me")).toBe(1);
    localStorage.setItem("memocha:user", "bob");
    expect(isStill(ME.id)).toBe(false);
    changeMeLeaving({ about_me: "mine" });
    expect(service.count("PATCH /api/me")).toBe(1);
  });
});

describe("what a refusal asks for", () => {
  it.each([
    [401, "sign_in_needed", "sign-in"],
    [403, "password_change_needed", "password"],
    [401, "unauthorized", "key"],
    [401, "", "key"],
    [401, "wrong_password", null],
    [403, "out_of_scope", null],
    [429, "too_many_attempts", null],
  ])("%i %s: %s", (status, code, wanted) => {
    noteRefusal(status, code);
    expect(useCredential.getState().wanted).toBe(wanted);
  });

  it("is asked for by whatever was refused: a request, or a turn", async () => {
    const refused = () => problem(401, "sign_in_needed");
    new FakeService().on("GET /api/me", refused).on("POST /api/chat", refused).install();
    await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ code: "sign_in_needed" });
    expect(useCredential.getState().wanted).toBe("sign-in");
    useCredential.setState({ wanted: null });
    const turn = { from: { request: { message: "Hello" } }, signal: new AbortController().signal };
    await expect(followRun({ ...turn, onEvent: () => {} })).rejects.toMatchObject({ code: "sign_in_needed" });
    expect(useCredential.getState().wanted).toBe("sign-in");
  });
});
