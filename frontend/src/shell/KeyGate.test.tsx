import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { keyWanted, setKey, useCredential } from "@/api/credential";
import { ME } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { KeyGate } from "./KeyGate";

const GOOD = "0123456789abcdef";

afterEach(() => setKey(null));

describe("the gate", () => {
  it("keeps a key only when the service takes it", async () => {
    new FakeService()
      .on("GET /api/me", ({ headers }) =>
        headers.get("authorization") === `Bearer ${GOOD}` ? json(ME) : problem(401, "unauthorized"),
      )
      .install();
    keyWanted();
    show(<KeyGate />);
    expect(screen.getByText(/MEMOCHA_API_KEY/)).toBeInTheDocument();
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("Key"), "not the right one{Enter}");
    expect(await screen.findByText(/does not take this key/)).toBeInTheDocument();
    expect(useCredential.getState()).toMatchObject({ key: null, wanted: "key" });

    await user.clear(screen.getByLabelText("Key"));
    await user.type(screen.getByLabelText("Key"), ` ${GOOD} {Enter}`);
    await waitFor(() => expect(useCredential.getState()).toMatchObject({ key: GOOD, wanted: null }));
    expect(localStorage.getItem("memocha:key")).toBe(GOOD);
  });

  it("says that nothing answers, and keeps what was typed", async () => {
    new FakeService().on("GET /api/me", () => Promise.reject(new TypeError("network error"))).install();
    show(<KeyGate />);
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("Key"), `${GOOD}{Enter}`);
    expect(await screen.findByText(/could not be reached/)).toBeInTheDocument();
    expect(screen.getByLabelText("Key")).toHaveValue(GOOD);
  });
});
