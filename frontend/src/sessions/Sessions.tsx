import { type KeyboardEvent, Suspense, useMemo, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useSessions } from "@/api/queries";
import type { ListedSession, Session } from "@/api/types";
import { useHidden } from "@/api/undo";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { lazyPart } from "@/shell/lazy-part";
import { useRoute } from "@/shell/router";
import { toast } from "@/ui/Toast";
import { ArchivedFold } from "./ArchivedFold";
import { belongs } from "./changes";
import { byTime, type Group } from "./days";
import { rowBeside } from "./keyboard";
import { MoreButton, Reached } from "./MoreSessions";
import { SessionRow } from "./SessionRow";
import { SessionsSkeleton } from "./SessionsSkeleton";

const ResetDialog = lazyPart(() => import("./ResetDialog").then((m) => m.ResetDialog));

/** Of many sessions, those out of sight are not laid out. */
const GROUP = "flex flex-col gap-0.5 [contain-intrinsic-size:auto_200px] [content-visibility:auto]";

/** The sessions, last talked in first, by day; older ones come as one scrolls. */
export function Sessions({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("sessions");
  const shell = useTranslations("shell");
  const route = useRoute();
  const hidden = useHidden();
  const sessions = useSessions();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, isFetchNextPageError } = sessions;
  const [focused, setFocused] = useState<string | null>(null);
  const [resetting, reset] = useState<Session | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const current = route.name === "chat" ? route.sessionId : null;

  const shown = useMemo(
    () => data?.filter((session) => belongs(session, {}) && !hidden.has(session.id)) ?? [],
    [data, hidden],
  );
  // Not kept over renders: what is today's is yesterday's after midnight.
  const groups = byTime(shown);
  const entry =
    [focused, current].find((id) => id !== null && shown.some((session) => session.id === id)) ??
    focused ??
    shown[0]?.id;

  function press(event: KeyboardEvent): void {
    if (list.current === null || event.metaKey || event.ctrlKey || event.altKey) return;
    const beside = rowBeside(list.current, event.target, event.key);
    if (beside === null) return;
    event.preventDefault();
    beside.focus();
  }
  function unloaded(): void {
    reset(null);
    toast({ text: shell("unloaded"), tone: "trouble" });
  }
  const row = (session: ListedSession) => (
    <SessionRow
      key={session.id}
      session={session}
      current={session.id === current}
      entry={session.id === entry || session.id === focused}
      onFocus={() => setFocused(session.id)}
      onChosen={onChosen}
      onReset={reset}
    />
  );

  if (isPending) return <SessionsSkeleton />;
  if (error && data === undefined) {
    return (
      <div role="alert" className="px-2.5 py-2 text-small">
        <p className="text-soft">{t("failed")}</p>
        <MoreButton
          className="mt-1 font-medium text-mocha underline-offset-4 hover:underline"
          onClick={() => void sessions.refetch()}
        >
          {t("again")}
        </MoreButton>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows lead from link to link in it
    <div ref={list} onKeyDown={press}>
      {shown.length === 0 && !hasNextPage && <p className="px-2.5 py-2 text-small text-soft">{t("empty")}</p>}
      {groups.map((group) => (
        <section key={group.key} className="pb-3">
          <GroupTitle group={group} />
          <ul className={GROUP}>{group.items.map(row)}</ul>
        </section>
      ))}
      {hasNextPage && !isFetchNextPageError && (
        <Reached active={!isFetchingNextPage} onReached={sessions.fetchNextPage} />
      )}
      {isFetchingNextPage && <SessionsSkeleton />}
      {isFetchNextPageError && (
        <MoreButton onClick={() => void sessions.fetchNextPage()}>{t("failedMore")}</MoreButton>
      )}
      <ArchivedFold current={current}>
        {(archived) => <ul className="flex flex-col gap-0.5">{archived.map(row)}</ul>}
      </ArchivedFold>
      {resetting && (
        <ErrorBoundary onFailed={unloaded}>
          <Suspense>
            <ResetDialog session={resetting} onClose={() => reset(null)} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}

const NAMED = ["today", "yesterday", "week"] as const;

function GroupTitle({ group: { key, at } }: { group: Group<unknown> }) {
  const t = useTranslations("sessions");
  const format = useFormatter();
  const named = NAMED.find((name) => name === key);
  const year = at.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return (
    <h2 className="sticky -top-2 z-10 bg-shelf px-2.5 pt-1 pb-1 font-semibold text-faint text-tiny tracking-normal">
      {named ? t(named) : format.dateTime(at, { month: "long", year })}
    </h2>
  );
}
