import { useTranslations } from "use-intl";
import { useSessions } from "@/api/queries";
import { useHidden } from "@/api/undo";
import { chatPath, Link, useRoute } from "@/shell/router";
import { cx } from "@/ui/cx";

/** The sessions, last talked in first. */
export function SessionList({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("sessions");
  const route = useRoute();
  const hidden = useHidden();
  const { data = [] } = useSessions();
  const current = route.name === "chat" ? route.sessionId : null;
  return (
    <ul className="flex flex-col gap-0.5">
      {data
        .filter((session) => !hidden.has(session.id))
        .map((session) => (
          <li key={session.id}>
            <Link
              to={chatPath(session.id)}
              onClick={onChosen}
              aria-current={session.id === current ? "page" : undefined}
              className={cx(
                "block min-h-9 truncate rounded-row px-2.5 py-1.5",
                session.id === current ? "bg-crema font-semibold text-crema-ink" : "text-soft hover:bg-hover",
              )}
            >
              {session.title || t("untitled")}
            </Link>
          </li>
        ))}
    </ul>
  );
}
