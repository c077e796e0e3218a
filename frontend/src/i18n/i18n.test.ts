import { describe, expect, it } from "vitest";
import en from "./en";
import enRooms from "./en-rooms";
import zh from "./zh";
import zhRooms from "./zh-rooms";

function paths(value: unknown, prefix = ""): [string, string][] {
  if (typeof value === "string") return [[prefix, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    paths(inner, prefix ? `${prefix}.${key}` : key),
  );
}

const VALUE = /(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{(\w+)[,}]/g;
/** The values that a text takes, however often; what stands in braces after the case of a plural is text. */
const names = (text: string) => [...new Set([...text.matchAll(VALUE)].map(([, name]) => name))].sort();

describe("translations", () => {
  const english = new Map(paths({ ...en, ...enRooms }));
  const chinese = new Map(paths({ ...zh, ...zhRooms }));

  it("have the same keys", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("have the same values in their texts", () => {
    for (const [path, text] of english)
      expect([path, names(chinese.get(path) ?? "")]).toEqual([path, names(text)]);
  });

  it("leave no text empty", () => {
    for (const [path, text] of [...english, ...chinese]) expect([path, text.trim()]).not.toEqual([path, ""]);
  });
});
