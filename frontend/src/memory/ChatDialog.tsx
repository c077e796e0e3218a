import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { useSessions } from "@/api/queries";
import type { ListedSession } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { useFilters } from "./filters";
import { close } from "./opened";
import { clearSelection } from "./selection";
import { Trouble } from "./Trouble";
import { useWhen } from "./when";

/** Which chat's memories are shown. */
export function ChatDialog() {
  const t = useTranslations("memory");
  const [, filter] = useFilters();
  const [words, type] = useState("");
  const search = useDeferredValue(words.trim());
  const asked = search ? { search } : {};
  const chats = useSessions(asked);
  const archived = useSessions({ ...asked, archived: true });
  const { data, error } = chats;
  // The archive comes after all others, which are read piece by piece.
  const all = [...(data ?? []), ...(chats.hasNextPage ? [] : (archived.data ?? []))];
  const older = [chats, archived].find((list) => list.hasNextPage);

  function choose(session: string): void {
    close();
    clearSelection();
    filter({ session });
  }
  return (
    <Dialog open onOpenChange={close} title={t("chatTitle")} description={t("chatText")}>
      <Field
        label={t("chatSearch")}
        type="search"
        data-autofocus
        autoComplete="off"
        value={words}
        onChange={(event) => type(event.target.value)}
      />
      <div className="mt-3 flex max-h-80 min-h-40 flex-col overflow-y-auto">
        {chats.isPending && ["one", "two", "three"].map((row) => <Skeleton key={row} className="my-2 h-6" />)}
        {error && data === undefined && <Trouble error={error} onRetry={() => void chats.refetch()} />}
        {data && all.length === 0 && !archived.isPending && <p className="py-3 text-soft">{t("chatNone")}</p>}
        <ul>
          {all.map((session) => (
            <Chat key={session.id} session={session} onChosen={() => choose(session.id)} />
          ))}
        </ul>
        {older && (
          <Button
            size="small"
            className="mt-2 self-center"
            disabled={older.isFetchingNextPage}
            onClick={() => void older.fetchNextPage()}
          >
            {t("chatMore")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Chat({ session, onChosen }: { session: ListedSession; onChosen(): void }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const title = session.title || t("chatUntitled");
  return (
    <li>
      <button
        type="button"
        className="flex min-h-9 w-full items-center gap-3 rounded-row px-2.5 text-start hover:bg-hover pointer-coarse:min-h-11"
        onClick={onChosen}
      >
        <span className="min-w-0 flex-1 truncate">
          {session.archived ? t("chatArchived", { title }) : title}
        </span>
        <span className="tabular shrink-0 text-faint text-small">{when.day(session.updated_at)}</span>
      </button>
    </li>
  );
}
