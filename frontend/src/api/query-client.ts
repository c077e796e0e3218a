import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./problem";

/** What was read from the service, shared by all rooms. The tab's one. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 3 && (!(error instanceof ProblemError) || error.retryable),
      retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt),
      // A request that cannot go out fails as such, so that the page can say so; paused ones look like loading.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
