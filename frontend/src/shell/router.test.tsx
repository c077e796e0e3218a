import { act, fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { chatPath, Link, navigate, parseRoute, useRoute } from "./router";

const S = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00";
const M = "0199a3c1-0f4d-7d22-9b6c-4e3f7d2f8c11";
const at = (path: string) => parseRoute(new URL(path, "http://localhost"));

describe("parseRoute", () => {
  it.each([
    ["/", { name: "new" }],
    ["/settings", { name: "settings" }],
    ["/settings/", { name: "settings" }],
    [`/c/${S}`, { name: "chat", sessionId: S, messageId: null }],
    [`/c/${S}#m-${M}`, { name: "chat", sessionId: S, messageId: M }],
    [`/c/${S}#m-"><script>`, { name: "chat", sessionId: S, messageId: null }],
    ["/c/not-an-id", { name: "missing", path: "/c/not-an-id" }],
    [`/c/${S}/more`, { name: "missing", path: `/c/${S}/more` }],
    ["/nowhere", { name: "missing", path: "/nowhere" }],
  ])("%s", (path, route) => {
    expect(at(path)).toEqual(route);
  });

  it("hands the memory page its filters", () => {
    const route = at("/memory?q=Ada&kind=fact");
    expect(route.name === "memory" && Object.fromEntries(route.search)).toEqual({ q: "Ada", kind: "fact" });
  });

  it("reads back the addresses that it makes", () => {
    expect(at(chatPath(S, M))).toEqual({ name: "chat", sessionId: S, messageId: M });
  });
});

function Here() {
  const route = useRoute();
  return (
    <>
      <p>at {route.name}</p>
      <Link to="/memory">go</Link>
    </>
  );
}

describe("navigation", () => {
  it("follows links, without a request, and back again", async () => {
    render(<Here />);
    fireEvent.click(screen.getByText("go"));
    expect(screen.getByText("at memory")).toBeInTheDocument();
    act(() => {
      window.history.replaceState(null, "", "/");
      window.dispatchEvent(new PopStateEvent("popstate"));
    });
    expect(screen.getByText("at new")).toBeInTheDocument();
  });

  it("leaves clicks alone that open a tab", () => {
    render(<Here />);
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    // jsdom cannot open a tab, and complains when it is asked to.
    const link = screen.getByText("go");
    link.addEventListener("click", (event) => event.preventDefault(), { once: true });
    fireEvent(link, click);
    expect(window.location.pathname).toBe("/");
  });

  it("does not lead back to what was replaced", () => {
    const before = window.history.length;
    navigate("/settings", { replace: true });
    expect(window.history.length).toBe(before);
    expect(window.location.pathname).toBe("/settings");
  });
});
