import { QueryClientProvider } from "@tanstack/react-query";
import { queryClient } from "@/api/query-client";
import { I18nProvider } from "@/i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { Frame } from "./Frame";
import { FrameSkeleton } from "./FrameSkeleton";

/** The client, once it runs. */
export function App() {
  return (
    <I18nProvider waiting={<FrameSkeleton />}>
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <Frame />
        </QueryClientProvider>
      </ErrorBoundary>
    </I18nProvider>
  );
}
