import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { memory } from "@/testing/samples";
import { show } from "@/testing/show";
import { Words } from "./Words";

it("gives what Memocha said without marks of markdown", () => {
  show(
    <Words
      memory={memory("m1", { kind: "episode", role: "assistant", text: "A **leek tart**, for 3 June [1]." })}
    />,
  );
  expect(screen.getByText("“A leek tart, for 3 June.”")).toBeInTheDocument();
});

it("gives what the person said as it was said", () => {
  show(<Words memory={memory("m1", { kind: "episode", role: "user", text: "2 * 3 * 4 is *24*" })} />);
  expect(screen.getByText("“2 * 3 * 4 is *24*”")).toBeInTheDocument();
});
