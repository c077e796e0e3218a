import { RotateCcw } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Message, RecalledMemory } from "@/api/types";
import { ChipButton } from "@/ui/Chip";
import { IconButton } from "@/ui/IconButton";
import { Branches } from "./Branches";
import { CopyButton } from "./CopyButton";
import { Ending } from "./Ending";
import { Forgotten } from "./Forgotten";
import { FADING } from "./fading";
import { Learned } from "./Learned";
import { Strengths } from "./Strengths";
import { sayAgain } from "./saying";
import { Time } from "./Time";

interface AnswerBarProps {
  sessionId: string | null;
  message: Message | null;
  text: string;
  memories: readonly RecalledMemory[];
  /** How many memories went because the message asked for it. */
  forgotten: number;
  degraded: boolean;
  question: Message | null;
  streaming: boolean;
  busy: boolean;
  last: boolean;
  onMemories(): void;
}

/** Under an answer: what it was given, what was learned and forgotten, and what can be done with it. */
export function AnswerBar(props: AnswerBarProps) {
  const { sessionId, message, text, memories, forgotten, degraded, question } = props;
  const { streaming, busy, last, onMemories } = props;
  const t = useTranslations("conversation");
  const count = memories.length;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {count > 0 && (
        <ChipButton
          kind="memory"
          className="animate-fade-in"
          aria-haspopup="dialog"
          onClick={() => onMemories()}
        >
          <Strengths memories={memories} />
          {t("memories", { count })}
        </ChipButton>
      )}
      <Forgotten count={forgotten} />
      {degraded && <span className="text-small text-soft">{t("degraded")}</span>}
      {question && question.learned.length > 0 && <Learned memories={question.learned} />}
      {!streaming && sessionId !== null && message !== null && (
        <>
          <Ending message={message} sessionId={sessionId} busy={busy} last={last} />
          <div className="flex min-h-7 items-center gap-0.5 first:-ms-1.5">
            <Branches sessionId={sessionId} message={message} disabled={busy} />
            <div className={last ? "flex items-center gap-0.5" : FADING}>
              <CopyButton text={text} />
              <IconButton
                label={t("regenerate")}
                size="small"
                disabled={busy}
                onClick={() => sayAgain(sessionId, message.id, message.parent_id)}
              >
                <RotateCcw size={15} />
              </IconButton>
            </div>
            <div className={last ? "contents" : FADING}>
              <Time at={message.created_at} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
