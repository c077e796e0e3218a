import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Message } from "@/api/types";
import { message } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { Ending } from "./Ending";
import { setTurn, useTurns } from "./turn";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
let service: FakeService;

beforeEach(() => {
  for (const key of Object.keys(useTurns.getState().turns)) setTurn(key, null);
  service = new FakeService().install().on("POST /api/chat", () => new Promise(() => {}));
});

function ended(more: Partial<Message>, last = true): void {
  const answer = message("a1", "assistant", { parent_id: "q1", ...more });
  service.on(`GET /api/sessions/${S}/messages`, () =>
    json({ items: [message("q1", "user"), answer], next_cursor: null, previous_cursor: null }),
  );
  show(<Ending message={answer} sessionId={S} busy={false} last={last} />);
}

const button = (name: string) => screen.queryByRole("button", { name });

describe("how an answer ended", () => {
  it.each([
    [{ finish_reason: "length" }, "Cut off at the longest answer"],
    [{ finish_reason: "stopped" }, "Stopped"],
    [{ finish_reason: "interrupted", error_code: "model_unavailable" }, "The model broke off."],
    [{ finish_reason: "interrupted", error_code: "run_timeout" }, "The answer took too long."],
    [{ finish_reason: "interrupted", error_code: "a_code_of_tomorrow" }, "The answer was interrupted."],
    [{ finish_reason: "interrupted", error_code: null }, "The answer was interrupted."],
  ] as const)("is said in its own words: %j", (more, words) => {
    ended(more);
    expect(screen.getByText(words, { exact: false })).toBeInTheDocument();
    expect(screen.queryByText(/did not answer/)).toBeNull();
    expect(button("Continue")).toBeEnabled();
    expect(button("Try again") !== null).toBe(more.finish_reason === "interrupted");
  });

  it.each(["stop", null] as const)("needs no words where it ended by itself: %s", (finish_reason) => {
    ended({ finish_reason });
    expect(button("Continue")).toBeNull();
    expect(document.querySelector("span")).toBeNull();
  });

  it("goes on by an ordinary message after it", async () => {
    ended({ finish_reason: "length" });
    fireEvent.click(button("Continue") as HTMLElement);
    await waitFor(() => expect(service.count("POST /api/chat")).toBe(1));
    const asked = service.asked.find((each) => each.url.endsWith("/api/chat"));
    expect(await asked?.json()).toEqual({ session_id: S, message: "Continue where you stopped." });
    expect(useTurns.getState().turns[S]).toMatchObject({ after: "a1" });
  });

  it("cannot be gone on from where something was said after it", () => {
    ended({ finish_reason: "stopped" }, false);
    expect(screen.getByText("Stopped")).toBeInTheDocument();
    expect(button("Continue")).toBeNull();
  });
});
