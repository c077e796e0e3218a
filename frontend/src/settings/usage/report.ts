import type { components } from "@/api/schema";
import type { Told } from "@/api/types";

type Schemas = components["schemas"];
export type Report = Told<Schemas["UsageReport"]>;
export type Spent = Told<Schemas["SpentOn"]>;
export type Budget = Told<Schemas["BudgetLeft"]>;

/** Days that the chart shows. */
export const DAYS = 30;

/** Tokens read and written. */
export function tokensOf(spent: Pick<Spent, "prompt_tokens" | "completion_tokens">): number {
  return spent.prompt_tokens + spent.completion_tokens;
}

export interface Bar {
  /** As the service names it: 2026-11-23, in UTC. */
  day: string;
  tokens: number;
}

/** Every one of the last days, the oldest first, those without an answer too. */
export function barsOf(days: Report["days"], now: Date): Bar[] {
  const tokens = new Map(days.map((day) => [day.day, tokensOf(day)]));
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return Array.from({ length: DAYS }, (_, at) => {
    const day = new Date(today - (DAYS - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    return { day, tokens: tokens.get(day) ?? 0 };
  });
}

/** How much of a budget is used up, from 0 to 1. */
export function usedOf({ limit, left }: Pick<Budget, "limit" | "left">): number {
  return limit > 0 ? Math.min(1, Math.max(0, (limit - left) / limit)) : 1;
}
