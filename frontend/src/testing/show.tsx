import { QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { IntlProvider } from "use-intl";
import { queryClient } from "@/api/query-client";
import en from "@/i18n/en";
import rooms from "@/i18n/en-rooms";
import { Toasts } from "@/ui/Toast";

/** Show a part of the client in English, with what stands around every part. */
export function show(part: ReactNode): RenderResult {
  return render(
    <IntlProvider locale="en" messages={{ ...en, ...rooms }} timeZone="UTC">
      <QueryClientProvider client={queryClient}>
        {part}
        <Toasts />
      </QueryClientProvider>
    </IntlProvider>,
  );
}
