import { render, screen } from "@testing-library/react";
import { useFormatter } from "use-intl";
import { expect, it, vi } from "vitest";
import { I18nProvider } from ".";

function Day() {
  return useFormatter().dateTime(new Date("2026-06-03T12:00:00Z"), { day: "numeric", month: "short" });
}

it.each([
  ["en-GB", "3 Jun"],
  ["en-US", "Jun 3"],
  ["en-US@posix", "Jun 3"],
  ["de-DE", "Jun 3"],
])("writes dates as where the person lives: %s", async (tag, written) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue([tag]);
  render(
    <I18nProvider waiting="…">
      <Day />
    </I18nProvider>,
  );
  expect(await screen.findByText(written)).toBeInTheDocument();
});
