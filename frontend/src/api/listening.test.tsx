import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RETENTION, session } from "@/testing/samples";
import { events, FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { expectEcho } from "./echo";
import { listen } from "./listening";
import { keys, useRetention, useSessions } from "./queries";
import { queryClient } from "./query-client";

const LIST = "GET /api/sessions";
const listed = (title: string) => json({ items: [session("s1", { title })], next_cursor: null });
let service: FakeService;
let listening: AbortController;

beforeEach(() => {
  service = new FakeService().install();
  listening = new AbortController();
});
afterEach(() => listening.abort());

function tell(...told: [name: string, data: unknown][]): void {
  service.on(
    "GET /api/events",
    () => events(told.map(([name, data], at) => [at + 1, name, data])),
    () => new Promise(() => {}),
  );
  void listen(vi.fn(), listening.signal);
}

function Titles() {
  return useSessions().data?.map(({ id, title }) => <p key={id}>{title}</p>) ?? null;
}

function Kept() {
  return <p>{useRetention().data?.usage.memories}</p>;
}

it("keeps a new title over what an older read of the list brings after it", async () => {
  let bring: (response: Response) => void = () => {};
  service.on(
    LIST,
    () => listed("Untitled"),
    () => new Promise((resolve) => (bring = resolve)),
    () => listed("Porto in March"),
  );
  show(<Titles />);
  await screen.findByText("Untitled");
  void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  await waitFor(() => expect(service.count(LIST)).toBe(2));
  tell(["title", { session_id: "s1", title: "Porto in March" }]);
  await screen.findByText("Porto in March");
  bring(listed("Untitled"));
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.getByText("Porto in March")).toBeInTheDocument();
});

it("reads the list again where it was read for the first time when the title came", async () => {
  let bring: (response: Response) => void = () => {};
  service.on(
    LIST,
    () => new Promise((resolve) => (bring = resolve)),
    () => listed("Porto in March"),
  );
  show(<Titles />);
  await waitFor(() => expect(service.count(LIST)).toBe(1));
  tell(["title", { session_id: "s1", title: "Porto in March" }]);
  await waitFor(() => expect(service.count("GET /api/events")).toBe(1));
  bring(listed("Untitled"));
  expect(await screen.findByText("Porto in March")).toBeInTheDocument();
});

it("reads again what was set elsewhere", async () => {
  queryClient.setQueryData(keys.me, {});
  queryClient.setQueryData(keys.memories, {});
  tell(["me", {}], ["memories", {}]);
  await waitFor(() => {
    expect(queryClient.getQueryState(keys.me)?.isInvalidated).toBe(true);
    expect(queryClient.getQueryState(keys.memories)?.isInvalidated).toBe(true);
  });
});

it("does not read at once what this page has changed itself: it would move under the hand", async () => {
  service.on("GET /api/memories/retention", () => json(RETENTION));
  show(<Kept />);
  await screen.findByText("1148");
  expectEcho();
  tell(["memories", {}]);
  await waitFor(() => expect(queryClient.getQueryState(keys.retention)?.isInvalidated).toBe(true));
  expect(service.count("GET /api/memories/retention")).toBe(1);
});

it("reads again, when the page is used, what was read before anybody listened", async () => {
  service.on(
    LIST,
    () => listed("Untitled"),
    () => listed("Renamed in another tab"),
  );
  show(<Titles />);
  await screen.findByText("Untitled");
  tell(["hello", {}]);
  await waitFor(() => expect(service.count("GET /api/events")).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  fireEvent.keyDown(document.body, { key: "H" });
  expect(await screen.findByText("Renamed in another tab")).toBeInTheDocument();
});
