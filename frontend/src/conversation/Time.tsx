import { useFormatter } from "use-intl";

/** When something was said: the time, and the day where that is another. */
export function Time({ at }: { at: string }) {
  const format = useFormatter();
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: "full", timeStyle: "medium" })}
      className="tabular px-1.5 text-faint text-tiny"
    >
      {format.dateTime(date, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" })}
    </time>
  );
}
