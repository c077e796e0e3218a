import { render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { useCredential } from "@/api/credential";
import { AUTH } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { App } from "./App";

afterEach(() => useCredential.setState({ wanted: null, accounts: false }));

it("asks nothing about accounts before its first request is refused, and then has one sign in", async () => {
  const service = new FakeService();
  for (const path of ["me", "sessions", "memories/retention", "models"]) {
    service.on(`GET /api/${path}`, () => problem(401, "sign_in_needed"));
  }
  service.on("GET /api/auth", () => json({ ...AUTH, signed_in: false, login: null, role: null })).install();
  render(<App />);
  expect(screen.getByRole("textbox", { name: "Your message" })).toBeInTheDocument();
  expect(service.count("GET /api/auth")).toBe(0);
  await waitFor(() => expect(screen.getByRole("heading", { level: 1, name: "Sign in" })).toBeInTheDocument());
  // Nothing of the page is left.
  expect(screen.queryByRole("textbox", { name: "Your message" })).toBeNull();
  expect(screen.queryByRole("navigation")).toBeNull();
});
