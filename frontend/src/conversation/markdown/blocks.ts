/** Lines that go on with what is above them, across an empty line: items of lists, and what is indented under them. */
const GOES_ON = /^(\s+\S|\s*([-*+]|\d{1,9}[.)])(\s|$))/;
const LIST = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** A definition serves the whole text, so its text is not cut. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;

/**
 * Cut markdown into blocks that mean the same by themselves, at empty lines between them. While an answer streams, only
 * its last block changes, and only that is parsed again.
 */
export function blocksOf(text: string): string[] {
  if (DEFINITION.test(text)) return [text];
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let empty = false;

  for (const line of text.split("\n")) {
    const blank = fence === null && line.trim() === "";
    if (!blank && empty && block.length > 0 && fence === null && !goesOn(block, line)) {
      blocks.push(block.join("\n"));
      block = [];
    }
    fence = fenceAfter(fence, line);
    if (block.length > 0 || !blank) block.push(line);
    empty = blank;
  }
  if (block.length > 0) blocks.push(block.join("\n"));
  return blocks.map((each) => each.trimEnd()).filter(Boolean);
}

function goesOn(block: readonly string[], line: string): boolean {
  return LIST.test(block[0] ?? "") && GOES_ON.test(line);
}

/** The fence that is open after a line: its mark, "$$" for mathematics, null for none. */
function fenceAfter(open: string | null, line: string): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (open === "$$") return odd(line) ? null : open;
  if (open !== null) return mark?.startsWith(open) && line.trim() === mark ? null : open;
  if (mark !== undefined) return mark;
  return odd(line) ? "$$" : null;
}

function odd(line: string): boolean {
  return (line.split("$$").length - 1) % 2 === 1;
}
