import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "@/testing/show";
import { Header } from "./Header";

it("has a heading only where it has words", () => {
  show(<Header title="" />);
  expect(screen.queryByRole("heading")).toBeNull();
});

it("names the page", () => {
  show(<Header title="Memory" />);
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Memory");
});
