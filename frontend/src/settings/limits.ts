/** Days that each kind stays, where what was said stays so many; as the service counts them. */
export function stays(days: number): { moments: number; days: number; facts: number } {
  return { moments: days, days: 2 * days, facts: 4 * days };
}

/** A limit as it was written: a number, null where there is none, or what is no limit. */
export function readLimit(text: string, most: number): number | null | "wrong" {
  const digits = text.replace(/[\s.,_']/g, "");
  if (digits === "") return null;
  const limit = /^\d+$/.test(digits) ? Number(digits) : 0;
  return limit >= 1 && limit <= most ? limit : "wrong";
}
