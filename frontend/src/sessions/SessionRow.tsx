import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, Suspense, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Session } from "@/api/types";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { lazyPart } from "@/shell/lazy-part";
import { chatPath, Link } from "@/shell/router";
import { cx } from "@/ui/cx";
import { IconButton, type IconButtonProps } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { useSessionActions } from "./actions";
import { useAnswering } from "./answering";
import { stayWith, useHeir } from "./focus";
import { RenameField } from "./RenameField";
import { shortTitle } from "./title";

const loadMenu = () => import("./SessionMenu").then((m) => m.SessionMenu);
const SessionMenu = lazyPart(loadMenu);

interface SessionRowProps {
  session: Session;
  current: boolean;
  /** Tab leads to this row; arrows lead on from it. */
  entry: boolean;
  onFocus(): void;
  onChosen?: () => void;
  onReset(session: Session): void;
}

/** A session in the list: a way to it, and what can be done with it. */
export function SessionRow({ session, current, entry, onFocus, onChosen, onReset }: SessionRowProps) {
  const t = useTranslations("sessions");
  const shell = useTranslations("shell");
  const { rename, remove } = useSessionActions();
  const answering = useAnswering(session);
  const [renaming, setRenaming] = useState(false);
  const [asked, ask] = useState(false);
  const title = session.title || t("untitled");
  const row = useRef<HTMLLIElement>(null);
  const { going } = useHeir(row);

  function press(event: KeyboardEvent<HTMLAnchorElement>): void {
    if (event.key === "F2") startRenaming();
    else if (event.key === "Delete") remove(session);
    else return;
    event.preventDefault();
  }
  function startRenaming(): void {
    // A menu begins open, and would when the row is back.
    ask(false);
    setRenaming(true);
  }
  function renamed(given: string | null): void {
    setRenaming(false);
    if (given !== null) rename(session, given);
    stayWith(session.id);
  }
  // The button stands there again, and tries again.
  function unloaded(): void {
    ask(false);
    toast({ text: shell("unloaded"), tone: "trouble" });
  }
  if (renaming) {
    return (
      <li ref={row}>
        <RenameField title={session.title} onDone={renamed} />
      </li>
    );
  }
  const more = (
    <MoreButton title={title} tabIndex={entry ? 0 : -1} onClick={asked ? undefined : () => ask(true)} />
  );
  return (
    <li ref={row} className="group relative" onPointerEnter={() => void loadMenu().catch(() => {})}>
      <Link
        to={chatPath(session.id)}
        data-session={session.id}
        tabIndex={entry ? 0 : -1}
        aria-current={current ? "page" : undefined}
        aria-keyshortcuts="F2 Delete"
        onClick={onChosen}
        onFocus={onFocus}
        onKeyDown={press}
        className={cx(
          "flex min-h-9 items-center gap-2 rounded-row px-2.5 py-1.5 transition-colors duration-150",
          "group-focus-within:pe-9 group-hover:pe-9 group-has-data-[state=open]:pe-9 pointer-coarse:min-h-11 pointer-coarse:pe-11",
          current ? "bg-crema font-semibold text-crema-ink" : "text-soft hover:bg-hover hover:text-ink",
        )}
      >
        <span className="min-w-0 flex-1 truncate" title={title}>
          {title}
        </span>
        {answering && (
          <span className="size-1.5 shrink-0 animate-breathe rounded-full bg-mocha">
            <span className="sr-only">{t("answering")}</span>
          </span>
        )}
      </Link>
      {asked ? (
        <ErrorBoundary onFailed={unloaded}>
          <Suspense fallback={more}>
            <SessionMenu
              session={session}
              trigger={more}
              onRename={startRenaming}
              onGoing={going}
              onReset={() => onReset(session)}
            />
          </Suspense>
        </ErrorBoundary>
      ) : (
        more
      )}
    </li>
  );
}

/** What a menu makes of its trigger comes in as further props. */
function MoreButton({ title, ...rest }: Omit<IconButtonProps, "label" | "children"> & { title: string }) {
  const t = useTranslations("sessions");
  return (
    <IconButton
      label={t("more", { title: shortTitle(title) })}
      aria-haspopup="menu"
      size="small"
      className={cx(
        "absolute end-1 top-1 opacity-0 transition-opacity after:hidden pointer-coarse:opacity-100",
        "group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100",
      )}
      {...rest}
    >
      <Ellipsis size={16} />
    </IconButton>
  );
}
