import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ConversationHeader } from "@/conversation/ConversationHeader";
import { fresh } from "@/conversation/options";
import { session } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";

const ID = "0199a3c0-0000-7000-8000-000000000001";

it("says in the header that a chat is archived, and gets it back", async () => {
  const answers = new FakeService()
    .on(`PATCH /api/sessions/${ID}`, () => json(session(ID, { archived: false })))
    .install();
  show(<ConversationHeader session={session(ID, { archived: true })} isNew={false} options={fresh} />);
  expect(await screen.findByText("This chat is archived.")).toBeInTheDocument();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Unarchive" }));
  await waitFor(() => expect(answers.count(`PATCH /api/sessions/${ID}`)).toBe(1));
  expect(await answers.asked.at(-1)?.json()).toEqual({ archived: false });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(await answers.asked.at(-1)?.json()).toEqual({ archived: true }));
});

it("says nothing of it in any other chat", () => {
  new FakeService().install();
  show(<ConversationHeader session={session(ID)} isNew={false} options={fresh} />);
  expect(screen.queryByText(/archived/)).toBeNull();
});
