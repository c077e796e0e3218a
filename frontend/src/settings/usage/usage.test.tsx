import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { queryClient } from "@/api/query-client";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { barsOf, DAYS, type Report, type Spent, usedOf } from "./report";
import { Usage } from "./Usage";

const spent = (prompt: number, more: Partial<Spent> = {}): Spent => ({
  answers: 1,
  prompt_tokens: prompt,
  cached_tokens: 0,
  completion_tokens: 0,
  cost_usd: null,
  unpriced: 0,
  ...more,
});
const EMPTY: Report = {
  today: spent(0, { answers: 0 }),
  month: spent(0, { answers: 0 }),
  days: [],
  models: [],
  budgets: [],
  rates: [],
};
const today = () => new Date().toISOString().slice(0, 10);
const serve = (report: Report) => new FakeService().on("GET /api/usage", () => json(report)).install();

beforeEach(() => queryClient.clear());

describe("the days of the chart", () => {
  it("are all of the last ones, those without an answer too", () => {
    const days = [
      { day: "2026-03-01", ...spent(7) },
      { day: "2026-02-27", ...spent(5, { completion_tokens: 1 }) },
    ];
    // Late in a day that has begun already elsewhere.
    const bars = barsOf(days, new Date("2026-03-01T23:30:00Z"));
    expect(bars).toHaveLength(DAYS);
    expect(bars.slice(-3)).toEqual([
      { day: "2026-02-27", tokens: 6 },
      { day: "2026-02-28", tokens: 0 },
      { day: "2026-03-01", tokens: 7 },
    ]);
  });
});

it.each([
  [10, 4, 0.6],
  [10, 0, 1],
  [10, 12, 0],
  [0, 0, 1],
])("of %d with %d left, a part is used", (limit, left, part) => {
  expect(usedOf({ limit, left })).toBeCloseTo(part);
});

describe("the section", () => {
  it("says so where there is nothing yet, and no bound", async () => {
    serve(EMPTY);
    show(<Usage />);
    expect(await screen.findByText(/No answers yet/)).toBeInTheDocument();
    expect(screen.getByText(/no bound on tokens or money/)).toBeInTheDocument();
    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.queryByText(/price/)).toBeNull();
  });

  it("tells tokens and money, by day and by model, and what is left until when", async () => {
    const today_ = spent(1_200, { completion_tokens: 34, cost_usd: 0.0123, answers: 3 });
    serve({
      ...EMPTY,
      today: today_,
      month: spent(50_000, { cost_usd: 1.5, answers: 40, unpriced: 2 }),
      days: [{ day: today(), ...today_ }],
      models: [
        { model: "gpt-5-mini", ...today_ },
        { model: "", ...spent(9) },
      ],
      budgets: [
        { whose: "user", unit: "tokens", limit: 10_000, left: 8_766, resets_at: "2026-11-24T00:00:00Z" },
        { whose: "deployment", unit: "usd", limit: 2, left: 0, resets_at: "2026-12-01T00:00:00Z" },
      ],
    });
    show(<Usage />);
    expect(await screen.findByText("8,766 of 10,000 left")).toBeInTheDocument();
    expect(screen.getAllByText("1,234")).toHaveLength(2);
    expect(screen.getByText(/3 answers · \$0\.0123$/)).toBeInTheDocument();
    expect(screen.getByText(/40 answers · \$1\.50$/)).toBeInTheDocument();
    expect(screen.getByText(/2 answers have no price/)).toBeInTheDocument();
    expect(screen.getByText("All of it is there again on Nov 24, 12:00 AM.")).toBeInTheDocument();
    expect(screen.getByText("$0.00 of $2.00 left")).toBeInTheDocument();
    expect(screen.getByText("Used up until Dec 1, 12:00 AM.")).toBeInTheDocument();
    expect(screen.getByRole("meter", { name: /Money of everyone here/ })).toHaveAttribute(
      "aria-valuenow",
      "100",
    );
    expect(screen.getByRole("img", { name: /Most on .*: 1,234 tokens/ })).toBeInTheDocument();
    const [, row] = within(screen.getByRole("table")).getAllByRole("row");
    expect(row).toHaveTextContent(/31,234\$0\.0123$/);
    expect(screen.getByText("Stopped early")).toBeInTheDocument();
  });

  it("shows no cost where no price is set", async () => {
    const only = spent(100, { unpriced: 1 });
    serve({ ...EMPTY, today: only, month: only, models: [{ model: "qwen", ...only }] });
    show(<Usage />);
    expect(await screen.findByText(/No price of these models is set/)).toBeInTheDocument();
    expect(screen.getByText(/no price set/)).toBeInTheDocument();
    expect(screen.queryByText(/\$/)).toBeNull();
  });

  it("says what is wrong where it cannot be read", async () => {
    new FakeService().on("GET /api/usage", () => problem(403, "forbidden")).install();
    show(<Usage />);
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  });
});
