import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { HEAD_SCRIPT } from "@/shell/head-script";
import "./globals.css";

/** The letters of English, asked for along with the page. */
const LATIN = new URL(
  "../../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  import.meta.url,
).toString();

export const metadata: Metadata = {
  title: "Memocha",
  description: "A chat that remembers, shows its sources, and forgets when told.",
  applicationName: "Memocha",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fdfbf7" },
    { media: "(prefers-color-scheme: dark)", color: "#191512" },
  ],
};

export default function Layout({ children }: { children: ReactNode }) {
  preload(LATIN, { as: "font", type: "font/woff2", crossOrigin: "" });
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant; it has to run before the first paint. */}
        <script dangerouslySetInnerHTML={{ __html: HEAD_SCRIPT }} />
      </head>
      <body>{children}</body>
    </html>
  );
}
