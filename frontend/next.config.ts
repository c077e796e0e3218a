import type { NextConfig } from "next";

const BACKEND = process.env.MEMOCHA_BACKEND ?? "http://127.0.0.1:8000";

/** The page is one static file, which the service sends for every address of the client. */
const built: NextConfig = { output: "export" };

/** While developing, the service answers behind this server, and the client's addresses lead to its one page. */
const developing: NextConfig = {
  // A compressing proxy gathers a stream before it passes it on.
  compress: false,
  rewrites: async () => ({
    beforeFiles: [
      ...["/api/:path*", "/ready", "/health", "/chat/:path*"].map((source) => ({
        source,
        destination: `${BACKEND}${source}`,
      })),
      ...["/c/:path*", "/memory", "/settings"].map((source) => ({ source, destination: "/" })),
    ],
    afterFiles: [],
    fallback: [],
  }),
};

export default {
  turbopack: {
    rules: { "**/src/i18n/*/*.json": { loaders: ["./scripts/compile-texts.mjs"], as: "*.js" } },
    resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" },
  },
  experimental: {
    // One page has no other to share small pieces with: as one file they compress better by 2.8 kB.
    turbopackChunking: { minChunkSize: 300_000 },
  },
  ...(process.env.NODE_ENV === "development" ? developing : built),
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // `npm run types` checks them, tests and scripts included.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig;
