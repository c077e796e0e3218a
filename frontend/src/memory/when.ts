import { useFormatter } from "use-intl";

/** Half a year: from here on a day says less than its month. */
const LONG_AGO = 45 * 86_400_000;

export interface When {
  /** 14 Mar, with its year where that is another than now's. */
  day(iso: string): string;
  /** March, or March 2025; a day where it is not long ago. */
  about(iso: string): string;
  /** 14 March 2026, 17:05 */
  exactly(iso: string): string;
}

/** Dates as this page says them, in the chosen language. */
export function useWhen(now = new Date()): When {
  const format = useFormatter();
  const year = (at: Date) => (at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const });

  function day(iso: string): string {
    const at = new Date(iso);
    return format.dateTime(at, { day: "numeric", month: "short", ...year(at) });
  }
  return {
    day,
    about(iso) {
      const at = new Date(iso);
      if (Math.abs(now.getTime() - at.getTime()) < LONG_AGO) return day(iso);
      return format.dateTime(at, { month: "long", ...year(at) });
    },
    exactly: (iso) =>
      format.dateTime(new Date(iso), {
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "numeric",
        minute: "2-digit",
      }),
  };
}
