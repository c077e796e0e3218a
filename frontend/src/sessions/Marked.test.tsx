import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Marked } from "./Marked";

const hits = (text: string, words: string) => {
  const { container } = render(<Marked text={text} words={words} />);
  expect(container.textContent).toBe(text);
  return [...container.querySelectorAll("mark")].map((mark) => mark.textContent);
};

describe("Marked", () => {
  it("marks all places, in upper or lower case", () => {
    expect(hits("Ada's day with ADA", "ada")).toEqual(["Ada", "ADA"]);
  });

  it("marks the words as a whole, as the service finds them", () => {
    expect(hits("red wine, white wine", "red wine")).toEqual(["red wine"]);
    expect(hits("wine", "red wine")).toEqual([]);
  });

  it("takes what has a meaning in patterns for what it is", () => {
    expect(hits("what (is) 1+1? [a] $5 ^ | \\ / {2}", "(is) 1+1? [a] $5 ^ | \\ / {2}")).toHaveLength(1);
    expect(hits("abc", ".")).toEqual([]);
    expect(hits("a.c", ".")).toEqual(["."]);
  });

  it("marks nothing where nothing was searched for", () => {
    expect(hits("anything", "  ")).toEqual([]);
  });

  it("lets no text become markup", () => {
    const text = '<img src=x onerror="alert(1)"> & <mark>forged</mark> <b>Ada</b>';
    const { container } = render(<Marked text={text} words="<b>ada" />);
    expect(container.textContent).toBe(text);
    expect([...container.querySelectorAll("*")].map((element) => element.outerHTML)).toEqual([
      expect.stringMatching(/^<mark class="[^"]+">&lt;b&gt;Ada<\/mark>$/),
    ]);
  });

  it("keeps letters of other alphabets whole", () => {
    expect(hits("İstanbul'da 你好,Straße 👩‍🍳", "你好")).toEqual(["你好"]);
  });
});
