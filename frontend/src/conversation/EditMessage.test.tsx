import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ME } from "@/testing/samples";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { EditMessage } from "./EditMessage";

const field = () => screen.getByLabelText<HTMLTextAreaElement>("Edit");
const send = () => screen.getByRole("button", { name: "Send" });
const onSend = vi.fn();

beforeEach(() => {
  onSend.mockReset();
  new FakeService()
    .install()
    .on("GET /api/me", () => json({ ...ME, service: { ...ME.service, message_limit: 100 } }));
  show(<EditMessage content="as it was" busy={false} onSend={onSend} onCancel={vi.fn()} />);
});

describe("a message being put differently", () => {
  it("is sent when it is another", () => {
    expect(send()).toBeDisabled();
    fireEvent.change(field(), { target: { value: " as it is " } });
    fireEvent.click(send());
    expect(onSend).toHaveBeenCalledWith("as it is");
  });

  it("says in short by how much where that is far too much", async () => {
    fireEvent.change(field(), { target: { value: "a".repeat(12_345) } });
    expect(await screen.findByText("-12K")).toBeInTheDocument();
    expect(field()).toHaveAccessibleDescription("12,245 characters too many");
  });

  it("leaves out characters that cannot be sent", () => {
    fireEvent.change(field(), { target: { value: "be\0fore" } });
    expect(field().value).toBe("before");
  });

  it("is not sent while it is too long, and says by how much", async () => {
    fireEvent.change(field(), { target: { value: "a".repeat(101) } });
    await waitFor(() => expect(field()).toHaveAccessibleDescription("1 character too many"));
    expect(send()).toBeDisabled();
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
    expect(field().value).toHaveLength(101);
  });
});
