import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense } from "react";
import { useCredential } from "@/api/credential";
import { queryClient } from "@/api/query-client";
import { I18nProvider } from "@/i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { Frame } from "./Frame";
import { FrameSkeleton } from "./FrameSkeleton";
import { lazyPart } from "./lazy-part";

const SignInPage = lazyPart(() => import("@/account/SignInPage").then((m) => m.SignInPage), { texts: true });

/** The client, once it runs. */
export function App() {
  return (
    <I18nProvider waiting={<FrameSkeleton />}>
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <Door />
        </QueryClientProvider>
      </ErrorBoundary>
    </I18nProvider>
  );
}

/** The page of whoever may see it; else where one signs in: nothing of what was there is left in the page then. */
function Door() {
  const wanted = useCredential((state) => state.wanted);
  if (wanted === null || wanted === "key") return <Frame />;
  return (
    <Suspense fallback={<FrameSkeleton />}>
      <SignInPage />
    </Suspense>
  );
}
