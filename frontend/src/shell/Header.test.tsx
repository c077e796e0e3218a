import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "@/testing/show";
import { Header } from "./Header";
import { navigate } from "./router";

it("has a heading only where it has words", () => {
  show(<Header title="" />);
  expect(screen.queryByRole("heading")).toBeNull();
});

it("names the page", () => {
  show(<Header title="Memory" />);
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Memory");
});

it("has the way to a new chat where the sidebar is away, but not in a new chat", async () => {
  navigate("/memory");
  show(<Header title="Memory" />);
  await userEvent.setup().click(screen.getByRole("link", { name: "New chat" }));
  expect(window.location.pathname).toBe("/");
  expect(screen.queryByRole("link", { name: "New chat" })).toBeNull();
});
