/** Debian's Chromium, or the one named. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** What it is started with, so that it asks for nothing but what the page asks for. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
