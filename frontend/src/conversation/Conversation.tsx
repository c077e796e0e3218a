import { Suspense, useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useUserEvent } from "@/api/events";
import { ProblemError } from "@/api/problem";
import { useSession } from "@/api/queries";
import type { UserEvents } from "@/api/types";
import { atFirstUse } from "@/shell/first-use";
import { lazyPart } from "@/shell/lazy-part";
import { useTitle } from "@/shell/title";
import { join } from "./acting";
import { Composer } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import { isTraceless, leaveNoTrace } from "./drafts";
import { Empty } from "./Empty";
import { useElsewhere } from "./elsewhere";
import { Gone } from "./Gone";
import { changeMessage, useHistory } from "./history";
import { useLeaveTemporary } from "./leaving";
import { type Beginning, fresh, useAskedFor } from "./options";
import { isLive, NEW, useOutline } from "./turn";

const loadThread = () => import("./Thread").then((m) => m.Thread);
const Thread = lazyPart(loadThread);

if (typeof window !== "undefined") {
  // What draws a conversation is asked for together with its messages; for a new one it has time until the first is sent.
  if (window.location.pathname.startsWith("/c/")) void loadThread();
  else atFirstUse(() => void loadThread().catch(() => {}));
}

interface ConversationProps {
  /** Null: a new one, which the first message makes. */
  sessionId: string | null;
  /** The message to show, and to have glow once. */
  messageId: string | null;
}

/** One conversation: what was said, what is being said, and where to say more. */
export function Conversation({ sessionId, messageId }: ConversationProps) {
  const t = useTranslations("sessions");
  const key = sessionId ?? NEW;
  const session = useSession(sessionId);
  const history = useHistory(sessionId);
  const turn = useOutline(key);
  const [options, setOptions] = useState<Beginning>(fresh);
  const [editing, edit] = useState<string | null>(null);
  useTitle(sessionId === null ? null : session.data?.title || t("untitled"));
  useResume(sessionId, session.data?.active_run_id ?? null);
  useLearned();
  useElsewhere(sessionId, session.data ?? null, turn);
  const missing = session.error instanceof ProblemError && session.error.status === 404 && !isLive(turn);
  useLeaveTemporary(missing ? null : (session.data ?? null));

  // A new chat begins as chats do, whatever was chosen for the one before; with words for a temporary one it is that again.
  useEffect(() => {
    setOptions(sessionId === null && isTraceless(NEW) ? { ...fresh, temporary: true } : fresh);
    edit(null);
  }, [sessionId]);
  const choose = useCallback((chosen: Beginning) => {
    setOptions(chosen);
    leaveNoTrace(NEW, chosen.temporary);
  }, []);
  useAskedFor(choose);

  const failure = session.error ?? history.error;
  const gone = failure !== null && (missing || (!session.data && turn === null));
  const temporary = sessionId === null ? options.temporary : (session.data?.temporary ?? false);
  return (
    <>
      <ConversationHeader
        session={(!gone && session.data) || null}
        isNew={sessionId === null}
        options={options}
      />
      {gone ? (
        <Gone error={failure} sessionId={sessionId} turn={turn} temporary={temporary} />
      ) : (
        <>
          {sessionId === null && turn === null ? (
            <Empty temporary={temporary} />
          ) : (
            <Suspense fallback={<div className="flex-1" />}>
              <Thread
                key={key}
                sessionId={sessionId}
                session={session.data ?? null}
                history={history.data ?? null}
                turn={turn}
                target={messageId}
                editing={editing}
                onEdit={edit}
              />
            </Suspense>
          )}
          <Composer
            sessionId={sessionId}
            session={session.data ?? null}
            history={history.data ?? null}
            turn={turn}
            temporary={temporary}
            options={options}
            onOptions={choose}
            onEditLast={edit}
          />
        </>
      )}
    </>
  );
}

/** Follow what the session is answering: after a reload, or when another tab asked. */
function useResume(sessionId: string | null, runId: string | null): void {
  useEffect(() => {
    if (sessionId !== null && runId !== null) void join(sessionId, runId);
  }, [sessionId, runId]);
}

/** Show what was learned from a message as soon as it is told. */
function useLearned(): void {
  useUserEvent(
    "remembered",
    useCallback(({ session_id, message_id, items }: UserEvents["remembered"]) => {
      changeMessage(session_id, message_id, (message) => {
        const known = new Set(message.learned.map((memory) => memory.id));
        return {
          ...message,
          learned: [...message.learned, ...items.filter((memory) => !known.has(memory.id))],
        };
      });
    }, []),
  );
}
