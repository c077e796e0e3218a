import type { Element, ElementContent, Root } from "hast";

const CITED =
  /((?:[^\s[\],.;:!?()«»“”"]+ ){0,3}[^\s[\],.;:!?()«»“”"]+)?([,.;:!?]?)\s?\[(\d{1,4}(?:, ?\d{1,4})*)\]/g;
const LEFT_ALONE = new Set(["code", "pre", "a", "sup", "mark"]);

/** Turns `[1]` and `[1, 2]` in an answer that was given memories of these numbers into a mark on the phrase and numbers. */
export function rehypeCitations({ numbers }: { numbers: readonly number[] }) {
  const known = new Set(numbers);
  return (tree: Root): void => {
    if (known.size > 0) walk(tree, known);
  };
}

function walk(parent: Root | Element, known: ReadonlySet<number>): void {
  parent.children = parent.children.flatMap((child): ElementContent[] => {
    if (child.type === "text") return cut(child.value, known);
    if (child.type === "element" && !LEFT_ALONE.has(child.tagName)) walk(child, known);
    return [child as ElementContent];
  });
}

function cut(text: string, known: ReadonlySet<number>): ElementContent[] {
  const pieces: ElementContent[] = [];
  let done = 0;
  for (const found of text.matchAll(CITED)) {
    const [whole, phrase = "", stop = "", list = ""] = found;
    const cited = list.split(",").map(Number);
    if (!cited.every((number) => known.has(number))) continue;
    if (found.index > done) pieces.push({ type: "text", value: text.slice(done, found.index) });
    if (phrase)
      pieces.push({
        type: "element",
        tagName: "mark",
        properties: {},
        children: [{ type: "text", value: phrase }],
      });
    for (const number of cited)
      pieces.push({ type: "element", tagName: "sup", properties: { dataCite: number }, children: [] });
    if (stop) pieces.push({ type: "text", value: stop });
    done = found.index + whole.length;
  }
  if (done === 0) return [{ type: "text", value: text }];
  if (done < text.length) pieces.push({ type: "text", value: text.slice(done) });
  return pieces;
}
