import { useTranslations } from "use-intl";
import type { MemoryDetail } from "@/api/types";
import { useWhen } from "./when";

const ACTIONS = new Set([
  "edited",
  "confirmed",
  "closed",
  "reopened",
  "refined",
  "pinned",
  "unpinned",
  "paused",
  "resumed",
]);

/** What a memory was before, and what was done with it, the newest first. */
export function Past({ memory }: { memory: MemoryDetail }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const { earlier, history } = memory;
  if (earlier.length === 0 && history.length === 0) return null;
  return (
    <>
      {earlier.length > 0 && (
        <section>
          <h3 className="mb-2 text-small text-soft">{t("earlierTitle")}</h3>
          <ol className="flex flex-col border-line border-s">
            {earlier.map((before) => (
              <li key={before.id} className="relative py-1.5 ps-4">
                <span
                  aria-hidden="true"
                  className="absolute start-0 top-3.5 size-2 -translate-x-1/2 rounded-full bg-edge rtl:translate-x-1/2"
                />
                <s className="break-words text-faint">{before.text}</s>
                <p className="tabular text-small text-soft">
                  {before.valid_to
                    ? t("until", { when: when.about(before.valid_to) })
                    : t("putBetter", { when: when.day(before.created_at) })}
                </p>
              </li>
            ))}
          </ol>
        </section>
      )}
      {history.length > 0 && (
        <section>
          <h3 className="mb-2 text-small text-soft">{t("historyTitle")}</h3>
          <ol className="tabular flex flex-col gap-1.5 text-small">
            {[...history].reverse().map((event) => (
              <li key={`${event.at} ${event.action}`} className="flex gap-3">
                <span className="w-20 shrink-0 text-faint">{when.day(event.at)}</span>
                <span className="min-w-0 break-words">
                  {ACTIONS.has(event.action) ? t(`events.${event.action}` as "events.edited") : event.action}
                  {event.old_text && (
                    <>
                      {" "}
                      <s className="text-faint">{event.old_text}</s>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
