import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useShortcuts } from "@/shell/shortcuts";
import { show } from "@/testing/show";
import { toast } from "./Toast";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

const wait = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

function Page() {
  useShortcuts(() => {});
  return <textarea aria-label="words" />;
}

it("goes after its time, and stays while one is at it", async () => {
  show(<Page />);
  const gone = vi.fn();
  act(() => void toast({ text: "Gone soon.", action: { label: "Undo", run() {} }, onGone: gone }));
  await wait(4_000);
  act(() => screen.getByRole("button", { name: "Undo" }).focus());
  await wait(20_000);
  expect(gone).not.toHaveBeenCalled();
  act(() => screen.getByRole("button", { name: "Undo" }).blur());
  await wait(7_000);
  expect(gone).toHaveBeenCalledTimes(1);
  expect(screen.queryByText("Gone soon.")).toBeNull();
});

it("is undone by the keys for that, the last first, but not while one writes", async () => {
  show(<Page />);
  const [first, second] = [vi.fn(), vi.fn()];
  act(() => {
    toast({ text: "One.", action: { label: "Undo", run: first } });
    toast({ text: "Two.", action: { label: "Undo", run: second } });
    toast({ text: "Nothing to undo." });
  });
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  await user.click(screen.getByRole("textbox"));
  await user.keyboard("{Control>}z{/Control}");
  expect(second).not.toHaveBeenCalled();
  await user.click(document.body);
  await user.keyboard("{Control>}z{/Control}");
  expect(second).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
  expect(screen.queryByText("Two.")).toBeNull();
  await user.keyboard("{Control>}z{/Control}");
  expect(first).toHaveBeenCalledTimes(1);
});
