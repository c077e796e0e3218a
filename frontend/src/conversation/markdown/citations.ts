import type { Element, ElementContent, Root } from "hast";

const CITED = /((?:[^\s[\],.;:!?()«»“”"]+ ){0,3}[^\s[\],.;:!?()«»“”"]+)?([,.;:!?]?)\s?\[(\d{1,2})\]/g;
const LEFT_ALONE = new Set(["code", "pre", "a", "sup", "mark"]);

/** Turns `[1]` in the words of an answer that was given so many memories into a mark on the phrase and a number. */
export function rehypeCitations({ count }: { count: number }) {
  return (tree: Root): void => {
    if (count > 0) walk(tree, count);
  };
}

function walk(parent: Root | Element, count: number): void {
  parent.children = parent.children.flatMap((child): ElementContent[] => {
    if (child.type === "text") return cut(child.value, count);
    if (child.type === "element" && !LEFT_ALONE.has(child.tagName)) walk(child, count);
    return [child as ElementContent];
  });
}

function cut(text: string, count: number): ElementContent[] {
  const pieces: ElementContent[] = [];
  let done = 0;
  for (const found of text.matchAll(CITED)) {
    const [whole, phrase = "", stop = "", number = ""] = found;
    if (Number(number) < 1 || Number(number) > count) continue;
    if (found.index > done) pieces.push({ type: "text", value: text.slice(done, found.index) });
    if (phrase)
      pieces.push({
        type: "element",
        tagName: "mark",
        properties: {},
        children: [{ type: "text", value: phrase }],
      });
    pieces.push({ type: "element", tagName: "sup", properties: { dataCite: number }, children: [] });
    if (stop) pieces.push({ type: "text", value: stop });
    done = found.index + whole.length;
  }
  if (done === 0) return [{ type: "text", value: text }];
  if (done < text.length) pieces.push({ type: "text", value: text.slice(done) });
  return pieces;
}
