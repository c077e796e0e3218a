import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { useSessions } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { useFilters } from "./filters";
import { close } from "./opened";
import { Trouble } from "./Trouble";
import { useWhen } from "./when";

/** Which chat's memories are shown. */
export function ChatDialog() {
  const t = useTranslations("memory");
  const when = useWhen();
  const [, filter] = useFilters();
  const [words, type] = useState("");
  const search = useDeferredValue(words.trim());
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions(
    search ? { search } : {},
  );
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
        {isPending && ["one", "two", "three"].map((row) => <Skeleton key={row} className="my-2 h-6" />)}
        {error && data === undefined && <Trouble error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && <p className="py-3 text-soft">{t("chatNone")}</p>}
        <ul>
          {data?.map((session) => (
            <li key={session.id}>
              <button
                type="button"
                className="flex min-h-9 w-full items-center gap-3 rounded-row px-2.5 text-start hover:bg-hover pointer-coarse:min-h-11"
                onClick={() => {
                  close();
                  filter({ session: session.id });
                }}
              >
                <span className="min-w-0 flex-1 truncate">{session.title || t("chatUntitled")}</span>
                <span className="tabular shrink-0 text-faint text-small">{when.day(session.updated_at)}</span>
              </button>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <Button
            size="small"
            className="mt-2 self-center"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t("chatMore")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
