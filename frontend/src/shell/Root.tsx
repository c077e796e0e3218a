"use client";

import { Greeting } from "@/conversation/Greeting";
import { English } from "@/i18n";
import { App } from "./App";
import { FrameSkeleton } from "./FrameSkeleton";
import { useHydrated } from "./hydrated";

/**
 * The static page is one skeleton for every address; the client begins when it knows the address. Where the head's
 * script says that this is a new chat, the skeleton has the greeting of one, so that there is something to read at once.
 */
export function Root() {
  if (useHydrated()) return <App />;
  return (
    <FrameSkeleton>
      <div className="hidden h-full in-data-greeting:block">
        <English>
          <Greeting />
        </English>
      </div>
    </FrameSkeleton>
  );
}
