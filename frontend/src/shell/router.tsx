import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

/** Where in the client one is. */
export type Route =
  | { name: "new" }
  | { name: "chat"; sessionId: string; messageId: string | null }
  | { name: "memory"; search: URLSearchParams }
  | { name: "settings" }
  | { name: "missing"; path: string };

/** Signing in has an address to come back to from elsewhere; whoever is signed in finds a new chat there. */
const HOME = ["/", "/index.html", "/sign-in"];
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const listeners = new Set<() => void>();
let known: { href: string; route: Route } | null = null;

/** The route that an address means. */
export function parseRoute(address: URL | Location): Route {
  const path = address.pathname.replace(/\/+$/, "") || "/";
  if (HOME.includes(path)) return { name: "new" };
  if (path === "/memory") return { name: "memory", search: new URLSearchParams(address.search) };
  if (path === "/settings") return { name: "settings" };
  const [, room, id, ...rest] = path.split("/");
  if (room === "c" && id !== undefined && rest.length === 0 && ID.test(id)) {
    const message = address.hash.startsWith("#m-") ? address.hash.slice(3) : "";
    return { name: "chat", sessionId: id, messageId: ID.test(message) ? message : null };
  }
  return { name: "missing", path };
}

/** The address of a session, or of one message in it. */
export function chatPath(sessionId: string, messageId?: string | null): string {
  return `/c/${sessionId}${messageId ? `#m-${messageId}` : ""}`;
}

/** Go to an address of the client. `replace`: back does not return here. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  tell();
}

/** The route one is at, followed. Only after hydration: the static page knows no address. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, here, () => NOWHERE);
}

const NOWHERE: Route = { name: "new" };

function here(): Route {
  const { href } = window.location;
  if (known?.href !== href) known = { href, route: parseRoute(window.location) };
  return known.route;
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** Be told whenever one goes somewhere, also to where one is. Returns how to be told no more. */
export const onNavigate = subscribe;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener("popstate", tell);
    window.addEventListener("hashchange", tell);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("popstate", tell);
    window.removeEventListener("hashchange", tell);
  };
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; replace?: boolean };

/** A link within the client: a plain anchor, so that opening it in a new tab works as everywhere. */
export function Link({ to, replace, onClick, ...rest }: LinkProps) {
  function go(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (event.defaultPrevented || elsewhere || (rest.target && rest.target !== "_self")) return;
    event.preventDefault();
    navigate(to, { replace });
  }
  return <a href={to} onClick={go} {...rest} />;
}
