import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ProblemError } from "@/api/problem";
import { show } from "@/testing/show";
import { ImportState } from "./ImportState";
import type { Import } from "./importing";

const JOB = { id: "job", kind: "import", state: "succeeded" as const, processed: 0, total: 0, error: null };

function refused(line: number, detail: string): Import {
  const told = { type: "about:blank", title: "", status: 422, code: "invalid_line", line, detail };
  return { phase: "refused", name: "a.jsonl", problem: new ProblemError(422, "invalid_line", "", told) };
}

describe("what came of an import", () => {
  it("says that a file without a line held nothing, and not that all of it was here", () => {
    show(<ImportState state={{ phase: "working", name: "a.jsonl", job: JOB, before: 5 }} />);
    expect(screen.getByText("Nothing is in this file")).toBeInTheDocument();
    expect(screen.queryByText(/taken in/)).toBeNull();
  });

  it("takes a file that goes wrong from its first line for no export at all", () => {
    show(<ImportState state={refused(1, "line 1: Invalid JSON: expected value at column 1")} />);
    expect(screen.getByRole("alert")).toHaveTextContent(
      "This is not an export of Memocha’sIts first line should be JSON with a chat or a memory. Nothing was imported.",
    );
  });

  it("says of a later line what is wrong with it", () => {
    show(<ImportState state={refused(12, "line 12: message.role: Input should be 'user' or 'assistant'")} />);
    expect(screen.getByRole("alert")).toHaveTextContent(/Line 12 is not as it should be.*Input should be/);
  });
});
