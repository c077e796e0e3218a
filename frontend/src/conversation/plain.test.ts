import { expect, it } from "vitest";
import { plainText } from "./plain";

it.each([
  ["A **leek tart**, with *cheese* and `salt`.", "A leek tart, with cheese and salt."],
  ["Ada turns 40 on 3 June [1], a Wednesday [2].", "Ada turns 40 on 3 June, a Wednesday."],
  ["No meat for her [12, 103].", "No meat for her."],
  ["## A heading\n\n- one\n- two\n\n1. three", "A heading one two three"],
  ["[Lisbon](https://example.org) and ![a river](x.png)", "Lisbon and a river"],
  ["| a | b |\n| --- | :-: |\n| 1 | 2 |", "a b 1 2"],
  ["_so_ it is, in snake_case, and 2 * 3 is 6", "so it is, in snake_case, and 2 * 3 is 6"],
  ["```js\nconst a = 1;\n```", "const a = 1;"],
])("leaves the words of %j", (markdown, words) => {
  expect(plainText(markdown)).toBe(words);
});
