import { useCallback, useMemo } from "react";
import { navigate, useRoute } from "@/shell/router";
import type { Kind } from "./kinds";

export const SPANS = ["today", "week", "month", "year"] as const;
export type Span = (typeof SPANS)[number] | "custom";

/** Which memories are shown, as the address says it. */
export interface Filters {
  /** The question; empty: the timeline. */
  q: string;
  kind: Kind | null;
  pinned: boolean;
  paused: boolean;
  changed: boolean;
  session: string | null;
  span: Span | null;
  /** Days of a custom span, `2026-11-22`, both included; empty: open. */
  from: string;
  to: string;
}

export const EVERYTHING: Filters = {
  q: "",
  kind: null,
  pinned: false,
  paused: false,
  changed: false,
  session: null,
  span: null,
  from: "",
  to: "",
};

const KINDS: readonly string[] = ["fact", "episode", "digest"] satisfies Kind[];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filters that an address means. What makes no sense in it is passed over. */
export function parseFilters(search: URLSearchParams): Filters {
  const [kind, session, time] = [
    search.get("kind") ?? "",
    search.get("session") ?? "",
    search.get("time") ?? "",
  ];
  const [from, to] = [day(search.get("from")), day(search.get("to"))];
  const known = SPANS.find((span) => span === time) ?? null;
  return {
    q: search.get("q") ?? "",
    kind: KINDS.includes(kind) ? (kind as Kind) : null,
    pinned: search.get("pinned") === "1",
    paused: search.get("state") === "paused",
    changed: search.get("changed") === "1",
    session: ID.test(session) ? session : null,
    span: from || to || time === "custom" ? "custom" : known,
    from,
    to,
  };
}

/** The address of the page with these filters. */
export function addressOf(filters: Filters): string {
  const search = new URLSearchParams();
  const { q, kind, session, span, from, to } = filters;
  if (q) search.set("q", q);
  if (kind) search.set("kind", kind);
  if (filters.pinned) search.set("pinned", "1");
  if (filters.paused) search.set("state", "paused");
  if (filters.changed) search.set("changed", "1");
  if (session) search.set("session", session);
  if (span) search.set("time", span);
  if (span === "custom" && from) search.set("from", from);
  if (span === "custom" && to) search.set("to", to);
  const text = search.toString();
  return text ? `/memory?${text}` : "/memory";
}

/** From when until when, in the time zone of whoever looks: days begin at their midnight. */
export function boundsOf({ span, from, to }: Filters, now = new Date()): { since?: string; until?: string } {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  switch (span) {
    case null:
      return {};
    case "today":
      return { since: new Date(year, month, date).toISOString() };
    case "week":
      return { since: new Date(year, month, date - 6).toISOString() };
    case "month":
      return { since: new Date(year, month, date - 29).toISOString() };
    case "year":
      return { since: new Date(year, 0, 1).toISOString() };
    case "custom":
      return {
        ...(from && { since: midnight(from, 0) }),
        ...(to && { until: midnight(to, 1) }),
      };
  }
}

/** What the list is asked for. What others have taken the place of stands with them, not by itself. */
export function listQuery(filters: Filters) {
  return {
    ...boundsOf(filters),
    ...(filters.kind && { kind: filters.kind }),
    ...(filters.session && { session_id: filters.session }),
    ...(filters.pinned && { pinned: true }),
    ...(filters.paused && { state: "paused" as const }),
    ...(filters.changed && { changed: true }),
    superseded: false,
  };
}

/** What a search is asked for beside the question: the same. It never finds what others have taken the place of. */
export function searchQuery(filters: Filters) {
  const { superseded: _, ...query } = listQuery(filters);
  return query;
}

/** Whether something is left out, beside by the question. */
export function narrowed(filters: Filters): boolean {
  const { span, from, to } = filters;
  const open = span === "custom" && !from && !to;
  return addressOf({ ...filters, q: "", span: open ? null : span }) !== "/memory";
}

/** The filters of the address, and how to change them. `replace`: back does not return to those before. */
export function useFilters(): [Filters, (change: Partial<Filters>, how?: { replace?: boolean }) => void] {
  const route = useRoute();
  const search = route.name === "memory" ? route.search : null;
  const filters = useMemo(() => (search ? parseFilters(search) : EVERYTHING), [search]);
  const change = useCallback(
    (some: Partial<Filters>, how?: { replace?: boolean }) =>
      navigate(addressOf({ ...filters, ...some }), how),
    [filters],
  );
  return [filters, change];
}

function day(text: string | null): string {
  return text !== null && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

function midnight(text: string, later: number): string {
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
