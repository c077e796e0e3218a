import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./problem";

/** What was read from the service, shared by all rooms. The tab's one. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 3 && (!(error instanceof ProblemError) || error.retryable),
      // What was too much is asked for again when the service says, or it would be refused again.
      retryDelay: (attempt, error) =>
        error instanceof ProblemError && error.status === 429
          ? Math.min(60, error.retryAfter ?? 1) * 1_000
          : Math.min(8_000, 500 * 2 ** attempt),
      // A request that cannot go out fails as such, so that the page can say so; paused ones look like loading.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
