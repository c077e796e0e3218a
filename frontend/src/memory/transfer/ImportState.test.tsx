import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ProblemError } from "@/api/problem";
import { show } from "@/testing/show";
import { ImportState } from "./ImportState";
import type { Import } from "./importing";

const JOB = {
  id: "job",
  kind: "import",
  state: "succeeded" as const,
  processed: 0,
  total: 0,
  error: null,
  skipped: {},
  imported: null as number | null,
};

function refused(line: number, detail: string): Import {
  const told = { type: "about:blank", title: "", status: 422, code: "invalid_line", line, detail };
  return { phase: "refused", name: "a.jsonl", problem: new ProblemError(422, "invalid_line", "", told) };
}

function refusedArchive(status: number, code: string): Import {
  const told = { type: "about:blank", title: "", status, code, detail: "it is no zip file" };
  return { phase: "refused", name: "chats.zip", problem: new ProblemError(status, code, "", told) };
}

describe("what came of an import", () => {
  it("counts the chats and messages of an archive, and tells what was left out", () => {
    const skipped = { attachments: 3, tools: 1, hidden: 0, later_kind: 5 };
    const job = { ...JOB, processed: 1200, total: 1200, skipped };
    show(<ImportState state={{ phase: "working", name: "chats.zip", job, before: null }} />);
    expect(screen.getByText("Imported. 1,200 chats and messages were taken in.")).toBeInTheDocument();
    expect(
      screen.getByText("Left out: 3 files and pictures and one step of a tool or of thinking."),
    ).toBeInTheDocument();
  });

  it("tells of lines that nothing was left out of no more than that", () => {
    const job = { ...JOB, processed: 2, total: 2, skipped: {} };
    show(<ImportState state={{ phase: "working", name: "a.jsonl", job, before: null }} />);
    expect(screen.getByText("Imported. All 2 lines were taken in.")).toBeInTheDocument();
    expect(screen.queryByText(/Left out/)).toBeNull();
  });

  it.each([
    ["chats.zip", 0, "All 12 chats and messages were here already."],
    ["a.jsonl", 0, "All 12 lines were here already."],
    ["a.jsonl", 3, "Imported. 3 of 12 lines are new; the others were here already."],
    ["a.jsonl", 12, "Imported. All 12 lines were taken in."],
    ["a.jsonl", null, "Imported. All 12 lines were taken in."],
  ])("tells how much of %s was new: %s", (name, imported, words) => {
    const job = { ...JOB, processed: 12, total: 12, imported };
    show(<ImportState state={{ phase: "working", name, job, before: null }} />);
    expect(screen.getByText(words)).toBeInTheDocument();
  });

  it("does not take memories that were left out for such as were here", () => {
    const job = { ...JOB, processed: 12, total: 12, imported: 10, skipped: { memories: 2 } };
    show(<ImportState state={{ phase: "working", name: "a.jsonl", job, before: null }} />);
    expect(screen.getByText("Left out: 2 memories that come from nothing here.")).toBeInTheDocument();
    expect(screen.queryByText(/here already/)).toBeNull();
  });

  it("counts while it works", () => {
    const job = { ...JOB, state: "running" as const, processed: 4, total: 10 };
    show(<ImportState state={{ phase: "working", name: "chats.zip", job, before: null }} />);
    expect(screen.getByText("chats.zip: 4 of 10 chats and messages are remembered")).toBeInTheDocument();
  });

  it.each([
    [422, "invalid_archive", "This archive cannot be readIt is no zip file, or was broken"],
    [422, "encrypted_archive", "This archive is locked by a passwordUnpack it"],
    [422, "empty_archive", "This archive holds no chatIts list of chats is empty."],
    [
      422,
      "unknown_archive",
      "This archive is neither ChatGPT’s nor Claude’sIt should hold a conversations.json",
    ],
    [413, "archive_too_large", "What this archive holds is too largeIts chats unpack to more"],
  ])("says what is wrong with an archive: %i %s", (status, code, words) => {
    show(<ImportState state={refusedArchive(status, code)} />);
    expect(screen.getByRole("alert")).toHaveTextContent(words);
    expect(screen.getByRole("alert")).toHaveTextContent("Nothing was imported.");
  });

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
