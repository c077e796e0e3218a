import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "@/api/queries";
import type { Session } from "@/api/types";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { Header } from "@/shell/Header";
import { lazyPart } from "@/shell/lazy-part";
import { Chip } from "@/ui/Chip";
import { cx } from "@/ui/cx";
import { ModelChip } from "./ModelChip";
import type { Beginning } from "./options";

const ArchivedLine = lazyPart(() => import("@/sessions/ArchivedLine").then((m) => m.ArchivedLine));

interface ConversationHeaderProps {
  session: Session | null;
  isNew: boolean;
  options: Beginning;
}

/** What this chat is called, whether it remembers, who answers, and that it was put away. */
export function ConversationHeader({ session, isNew, options }: ConversationHeaderProps) {
  const t = useTranslations("conversation");
  const sessions = useTranslations("sessions");
  const { data: me } = useMe();
  const temporary = session?.temporary ?? (isNew && options.temporary);
  const remembers = (me?.memory_enabled ?? true) && (session?.memory_enabled ?? options.memory);
  const title = isNew ? sessions("untitled") : (session?.title ?? "");

  return (
    <>
      <Header
        title={title}
        chips={
          (isNew || session) &&
          (temporary ? (
            <Chip className="shrink-0 border-edge border-dashed">{t("temporary")}</Chip>
          ) : (
            <Chip className="shrink-0 max-sm:hidden">
              <span className={cx("size-1.5 rounded-full", remembers ? "bg-matcha" : "bg-edge")} />
              {remembers ? t("memoryOn") : t("memoryOff")}
            </Chip>
          ))
        }
        end={<ModelChip />}
      />
      {session?.archived && (
        <ErrorBoundary around={() => null}>
          <Suspense>
            <ArchivedLine session={session} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
