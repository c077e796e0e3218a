import { describe, expect, it } from "vitest";
import { blocksOf } from "./blocks";

describe("blocksOf", () => {
  it.each([
    ["paragraphs", "one\n\ntwo\n\n\nthree", ["one", "two", "three"]],
    ["code with empty lines", "a\n\n```py\nx\n\ny\n```\n\nb", ["a", "```py\nx\n\ny\n```", "b"]],
    ["code that is not closed yet", "a\n\n```py\nx\n\ny", ["a", "```py\nx\n\ny"]],
    ["a fence within a longer one", "````md\n```\n\nx\n````\n\nb", ["````md\n```\n\nx\n````", "b"]],
    [
      "loose lists, whose numbers go on",
      "1. a\n\n2. b\n\n   more\n\nend",
      ["1. a\n\n2. b\n\n   more", "end"],
    ],
    ["mathematics", "$$\na\n\nb\n$$\n\nc", ["$$\na\n\nb\n$$", "c"]],
    [
      "definitions, which serve all",
      "see [a]\n\nmore\n\n[a]: https://x.example",
      ["see [a]\n\nmore\n\n[a]: https://x.example"],
    ],
    ["nothing", "", []],
  ])("keeps %s", (_, text, blocks) => {
    expect(blocksOf(text)).toEqual(blocks);
  });

  it("changes only its last block as a text grows", () => {
    const text = "First.\n\n- a\n- b\n\nThen:\n\n```js\nlet a;\n\nlet b;\n```\n\nLast.";
    let before = blocksOf(text.slice(0, 1));
    for (let end = 2; end <= text.length; end += 1) {
      const now = blocksOf(text.slice(0, end));
      expect(now.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = now;
    }
  });
});
