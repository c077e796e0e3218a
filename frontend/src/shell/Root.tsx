"use client";

import { App } from "./App";
import { FrameSkeleton } from "./FrameSkeleton";
import { useHydrated } from "./hydrated";

/** The static page is one skeleton for every address; the client begins when it knows the address. */
export function Root() {
  return useHydrated() ? <App /> : <FrameSkeleton />;
}
