import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useSession, useSessions } from "@/api/queries";
import type { ListedSession } from "@/api/types";
import { useHidden } from "@/api/undo";
import { cx } from "@/ui/cx";
import { Skeleton } from "@/ui/Skeleton";
import { belongs } from "./changes";
import { MoreButton } from "./MoreSessions";

const ARCHIVED = { archived: true };

type Rows = (sessions: ListedSession[]) => ReactNode;

interface ArchivedFoldProps {
  /** The session that is open, archived or not. */
  current: string | null;
  children: Rows;
}

/** The sessions that were put away, folded; they are read when it is opened. While it is closed it stands for the open one. */
export function ArchivedFold({ current, children }: ArchivedFoldProps) {
  const t = useTranslations("sessions");
  const [open, setOpen] = useState(false);
  const section = useRef<HTMLElement>(null);
  const { data: shown } = useSession(current);
  const within = !open && (shown?.archived ?? false);
  const id = useId();
  return (
    <section ref={section} className="mt-3">
      <button
        type="button"
        data-stop=""
        aria-current={within ? "true" : undefined}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className={cx(
          "flex min-h-8 w-full items-center gap-1.5 rounded-row px-2.5 text-start text-small pointer-coarse:min-h-11",
          within
            ? "bg-crema font-semibold text-crema-ink"
            : "font-medium text-soft hover:bg-hover hover:text-ink",
        )}
      >
        <ChevronRight
          size={14}
          className={cx("transition-transform duration-150", open ? "rotate-90" : "rtl:-scale-x-100")}
        />
        {t("archived")}
      </button>
      {open && (
        <div id={id} className="pt-0.5">
          <Archived onThere={() => section.current?.scrollIntoView({ block: "nearest" })}>
            {children}
          </Archived>
        </div>
      )}
    </section>
  );
}

/** `onThere`: they stand there, or why they do not. */
function Archived({ onThere, children }: { onThere(): void; children: Rows }) {
  const t = useTranslations("sessions");
  const hidden = useHidden();
  const { data, isPending, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } =
    useSessions(ARCHIVED);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, however often the way to say it changes.
  useEffect(() => {
    if (!isPending) onThere();
  }, [isPending]);
  const shown = data?.filter((session) => belongs(session, ARCHIVED) && !hidden.has(session.id)) ?? [];
  if (isPending) return <Skeleton className="mx-2.5 my-2 h-3.5 w-2/3" />;
  if (error && data === undefined)
    return <MoreButton onClick={() => void refetch()}>{t("failedMore")}</MoreButton>;
  return (
    <>
      {shown.length === 0 && <p className="px-2.5 py-1 text-faint text-small">{t("archivedNone")}</p>}
      {children(shown)}
      {hasNextPage && (
        <MoreButton disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("older")}
        </MoreButton>
      )}
    </>
  );
}
