import { beforeEach, describe, expect, it } from "vitest";
import { clearSelection, extend, toggle, toggleAll, useSelection } from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];
const selected = () => [...useSelection.getState().ids].sort().join("");

beforeEach(clearSelection);

describe("selecting", () => {
  it("selects one, and no more", () => {
    toggle("b");
    expect(selected()).toBe("b");
    toggle("b");
    expect(selected()).toBe("");
  });

  it("selects all from the last one to this, both ways", () => {
    toggle("b");
    extend(ORDER, "d");
    expect(selected()).toBe("bcd");
    extend(ORDER, "a");
    expect(selected()).toBe("abcd");
  });

  it("takes a range away where the last one was taken away", () => {
    toggleAll(ORDER);
    toggle("b");
    extend(ORDER, "d");
    expect(selected()).toBe("ae");
  });

  it("selects one alone where the last one is not shown any more", () => {
    toggle("gone");
    extend(ORDER, "c");
    expect(selected()).toBe("cgone");
  });

  it("selects a day, and unselects it only when all of it is", () => {
    toggle("b");
    toggleAll(["b", "c"]);
    expect(selected()).toBe("bc");
    toggleAll(["b", "c"]);
    expect(selected()).toBe("");
  });
});
