import { render, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useUserEvents } from "./events";

const fetched = vi.hoisted(() => ({ times: 0, listen: vi.fn(async () => {}) }));
vi.mock("./listening", () => {
  fetched.times += 1;
  if (fetched.times === 1) throw new TypeError("Failed to fetch dynamically imported module");
  return { listen: fetched.listen };
});

function Listener() {
  useUserEvents();
  return null;
}

it("asks again for what listens where that did not come", async () => {
  render(<Listener />);
  await waitFor(() => expect(fetched.times).toBe(1));
  await waitFor(() => expect(fetched.listen).toHaveBeenCalledTimes(1), { timeout: 10_000 });
}, 15_000);
