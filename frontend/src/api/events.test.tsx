import { render, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { setKey } from "./credential";
import { useUserEvents } from "./events";

const listen = vi.hoisted(() => vi.fn<(tell: unknown, signal: AbortSignal) => Promise<void>>(async () => {}));
vi.mock("./listening", () => ({ listen }));

afterEach(() => setKey(null));

function Listener() {
  useUserEvents();
  return null;
}

it("is listened to anew with another key, and not with the same", async () => {
  setKey("an old key of some length");
  render(<Listener />);
  await waitFor(() => expect(listen).toHaveBeenCalledTimes(1));
  setKey("an old key of some length");
  setKey("a new key of some length");
  await waitFor(() => expect(listen).toHaveBeenCalledTimes(2));
  expect(listen.mock.calls.map(([, signal]) => signal.aborted)).toEqual([true, false]);
});
