import { describe, expect, it } from "vitest";
import type { MessagePage } from "@/api/types";
import { conversation, message } from "@/testing/samples";
import { addNewer, addOlder, historyOf, mergeEnd } from "./history";

const said = conversation(5);
const page = (
  from: number,
  to: number,
  older: string | null = null,
  newer: string | null = null,
): MessagePage => ({
  items: said.slice(from, to),
  next_cursor: older,
  previous_cursor: newer,
});
const ids = (history: { items: { id: string }[] }) => history.items.map((each) => each.id).join(" ");

describe("mergeEnd", () => {
  it("keeps what was loaded before where the two meet", () => {
    const known = { ...historyOf(page(0, 6, "older")), newer: null };
    const merged = mergeEnd(known, page(4, 10, "q2"));
    expect(ids(merged)).toBe("q1 a1 q2 a2 q3 a3 q4 a4 q5 a5");
    expect(merged.older).toBe("older");
  });

  it("has the branch's new end, and nothing of the old one", () => {
    const known = historyOf(page(0, 10));
    const end: MessagePage = {
      items: [...said.slice(2, 4), message("q3b", "user"), message("a3b", "assistant")],
      next_cursor: "a1",
      previous_cursor: null,
    };
    expect(ids(mergeEnd(known, end))).toBe("q1 a1 q2 a2 q3b a3b");
  });

  it("begins anew where the two do not meet", () => {
    const merged = mergeEnd(historyOf(page(0, 4)), page(6, 10, "a3"));
    expect(ids(merged)).toBe("q4 a4 q5 a5");
    expect(merged.older).toBe("a3");
  });

  it("is empty after everything was emptied", () => {
    expect(mergeEnd(historyOf(page(0, 4)), page(0, 0)).items).toEqual([]);
  });
});

describe("paging", () => {
  it("grows at both ends without a gap", () => {
    const around = historyOf(page(4, 6, "a2", "after.a3"));
    const grown = addNewer(addOlder(around, page(0, 4)), page(6, 10));
    expect(ids(grown)).toBe("q1 a1 q2 a2 q3 a3 q4 a4 q5 a5");
    expect(grown).toMatchObject({ older: null, newer: null });
  });
});
