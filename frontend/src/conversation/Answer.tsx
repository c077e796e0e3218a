import { Suspense, useCallback, useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Message, RecalledMemory } from "@/api/types";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { atFirstUse } from "@/shell/first-use";
import { lazyPart } from "@/shell/lazy-part";
import { usePanel } from "@/shell/panel";
import { AnswerBar } from "./AnswerBar";
import { OpenMemory } from "./markdown/Citation";
import { Thinking } from "./Thinking";
import { NEW, type Turn, useTurn } from "./turn";

const loadMarkdown = () => import("./markdown/Markdown").then((m) => m.Markdown);
const Markdown = lazyPart(loadMarkdown);

if (typeof window !== "undefined") {
  // What draws an answer is needed with a conversation; for a new one it has time until the first is on its way.
  const load = () => void loadMarkdown().catch(() => {});
  if (window.location.pathname.startsWith("/c/")) setTimeout(load);
  else atFirstUse(load);
}

interface AnswerProps {
  sessionId: string | null;
  /** As it is stored; null while it is on its way. */
  message?: Message;
  /** While it is on its way. */
  turn?: Turn;
  text: string;
  memories: readonly RecalledMemory[];
  question: Message | null;
  busy: boolean;
  last: boolean;
}

/** The answer that is on its way in a session: the one part of a conversation that is drawn anew with every word. */
export function Coming({ sessionId, busy, last }: Pick<AnswerProps, "sessionId" | "busy" | "last">) {
  const turn = useTurn(sessionId ?? NEW);
  if (turn == null) return null;
  return (
    <Answer
      sessionId={sessionId}
      turn={turn}
      text={turn.text}
      memories={turn.memories ?? NONE}
      question={null}
      busy={busy}
      last={last}
    />
  );
}

const NONE: readonly RecalledMemory[] = [];

/** What Memocha said, or is saying. */
export function Answer({ sessionId, message, turn, text, memories, question, busy, last }: AnswerProps) {
  const t = useTranslations("conversation");
  const id = message?.id ?? turn?.answerId ?? null;
  const streaming = turn !== undefined && (turn.status === "waiting" || turn.status === "streaming");
  const cites = useMemo(() => memories.flatMap(({ number }) => number ?? []), [memories]);
  const open = useOpenMemories(sessionId, id, memories);

  return (
    <div className="group flex flex-col gap-1.5" aria-busy={streaming}>
      <h2 className="sr-only">{t("memochaSaid")}</h2>
      {text === "" && streaming ? (
        <Thinking turn={turn} />
      ) : (
        <OpenMemory value={open}>
          <div dir="auto" className="answer min-w-0 text-answer" data-streaming={streaming || undefined}>
            <ErrorBoundary around={() => <p className="whitespace-pre-wrap">{text}</p>}>
              <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
                <Markdown text={text} streaming={streaming} cites={cites} />
              </Suspense>
            </ErrorBoundary>
          </div>
        </OpenMemory>
      )}
      {turn?.lost && <p className="animate-fade-in text-small text-soft">{t("reconnecting")}</p>}
      <AnswerBar
        sessionId={sessionId}
        message={message ?? null}
        text={text}
        memories={memories}
        forgotten={question?.forgotten ?? turn?.forgotten ?? 0}
        degraded={message?.degraded ?? turn?.degraded ?? false}
        question={question}
        streaming={streaming}
        busy={busy}
        last={last}
        onMemories={open}
      />
    </div>
  );
}

/** Opens the panel with what the answer was given, at one of them where a number is named. */
function useOpenMemories(
  sessionId: string | null,
  answerId: string | null,
  memories: readonly RecalledMemory[],
): (number?: number) => void {
  const show = usePanel((panel) => panel.show);
  const given = useMemo(() => [...memories], [memories]);
  return useCallback(
    (number) => {
      if (sessionId === null || answerId === null) return;
      show({ sessionId, answerId, memories: given, focus: typeof number === "number" ? number : null });
    },
    [show, sessionId, answerId, given],
  );
}
