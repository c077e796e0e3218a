import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { ME } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { You } from "./You";

function service(): FakeService {
  let me = ME;
  return new FakeService()
    .on("GET /api/me", () => json(me))
    .on("PATCH /api/me", async (request) => {
      me = { ...me, ...(await request.json()) };
      return json(me);
    })
    .install();
}
const sent = (answers: FakeService) =>
  Promise.all(answers.asked.filter(({ method }) => method === "PATCH").map((request) => request.json()));

describe("custom instructions", () => {
  it("are kept when one has finished writing, and it says so", async () => {
    const answers = service();
    show(<You />);
    const user = userEvent.setup();
    const field = await screen.findByLabelText("About you");
    await user.type(field, "  I keep bees. ");
    expect(screen.queryByText("Saved")).toBeNull();
    expect(await sent(answers)).toEqual([]);
    await user.tab();
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(await sent(answers)).toEqual([{ about_me: "I keep bees." }]);
    expect(field).toHaveValue("I keep bees.");
  });

  it("are not sent again when nothing has changed", async () => {
    const answers = service();
    show(<You />);
    const field = await screen.findByLabelText("About you");
    fireEvent.focus(field);
    fireEvent.blur(field);
    fireEvent.change(field, { target: { value: "   " } });
    fireEvent.blur(field);
    expect(await sent(answers)).toEqual([]);
  });

  it("count, and are never cut off", async () => {
    const answers = service();
    show(<You />);
    const field = await screen.findByLabelText("How to answer");
    fireEvent.change(field, { target: { value: "x".repeat(2_003) } });
    fireEvent.blur(field);
    expect(screen.getByText(/Too long by 3 characters/)).toBeInTheDocument();
    expect(field).toHaveValue("x".repeat(2_003));
    expect(await sent(answers)).toEqual([]);
    fireEvent.change(field, { target: { value: "x".repeat(1_990) } });
    expect(screen.getByText("1,990 of 2,000")).toBeInTheDocument();
  });

  it("stay where they were written when they cannot be kept, and are sent the next time", async () => {
    const answers = service();
    answers.on(
      "PATCH /api/me",
      () => problem(503, "database_unavailable"),
      () => json({ ...ME, about_me: "I keep bees." }),
    );
    show(<You />);
    const field = await screen.findByLabelText("About you");
    fireEvent.change(field, { target: { value: "I keep bees." } });
    fireEvent.blur(field);
    expect(await screen.findByText(/Not saved yet/)).toBeInTheDocument();
    expect(field).toHaveValue("I keep bees.");
    fireEvent.blur(field);
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(await sent(answers)).toHaveLength(2);
  });

  it("are kept when the section is left in the middle of writing", async () => {
    const answers = service();
    const { unmount } = show(<You />);
    fireEvent.change(await screen.findByLabelText("About you"), { target: { value: "I keep" } });
    unmount();
    await waitFor(async () => expect(await sent(answers)).toEqual([{ about_me: "I keep" }]));
  });

  it("are kept when the page is left in the middle of writing, in a way that outlives it", async () => {
    const answers = service();
    show(<You />);
    fireEvent.change(await screen.findByLabelText("About you"), { target: { value: "I keep" } });
    window.dispatchEvent(new Event("pagehide"));
    const [patch] = answers.asked.filter(({ method }) => method === "PATCH");
    expect(patch?.keepalive).toBe(true);
    expect(await patch?.json()).toEqual({ about_me: "I keep" });
  });
});
