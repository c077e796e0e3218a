import { Pin } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useTranslations } from "use-intl";
import { asProblem } from "@/api/problem";
import type { Memory, MemoryDetail, RecalledMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { useMemoryActions } from "./actions";
import { useChatOf } from "./chat-of";
import { useMemory } from "./data";
import { earlierOf, sourceOf } from "./kinds";
import { KindName } from "./Meta";
import { open } from "./opened";
import { Strength } from "./Strength";
import { TextButton } from "./TextButton";
import { Words } from "./Words";
import { useWhen } from "./when";

interface PanelCardProps {
  /** As the answer was given it. */
  given: RecalledMemory;
  focused: boolean;
}

/** One memory that an answer was given: what it says, where it is from, and what can be done with it. */
export function PanelCard({ given, focused }: PanelCardProps) {
  const t = useTranslations("memory");
  const ref = useRef<HTMLElement>(null);
  const words = useId();
  const { number } = given;
  const actions = useMemoryActions();
  // What it is now; what the answer was given stays what it was.
  const { data: now, error } = useMemory(given.id);
  const gone = error !== null && asProblem(error).status === 404;
  const memory: Memory = now && !gone ? { ...now, text: given.text, score: given.score } : given;
  const reworded = now !== undefined && !gone && now.text !== given.text;
  const paused = memory.state === "paused";

  useEffect(() => {
    if (!focused) return;
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollIntoView({ block: "nearest" });
  }, [focused]);

  return (
    <article
      ref={ref}
      tabIndex={-1}
      aria-label={number === null ? undefined : t("numbered", { number })}
      aria-labelledby={number === null ? words : undefined}
      className={cx(
        "flex scroll-m-4 flex-col gap-1.5 rounded-card border border-line p-3.5 outline-none",
        gone ? "bg-transparent text-faint" : "bg-card",
        focused && "animate-glow",
      )}
    >
      <div className="flex gap-2.5">
        {number !== null && (
          <span className="tabular mt-0.5 grid h-4.5 min-w-4.5 shrink-0 place-items-center rounded-tick bg-crema px-1 font-semibold text-crema-ink text-tiny">
            {number}
          </span>
        )}
        <Words memory={memory} id={words} className="flex-1" />
      </div>
      {reworded && <p className="text-small text-soft">{t("rewordedTo", { text: now.text })}</p>}
      <Facts memory={memory} inView={given.in_view} />
      {gone ? (
        <p className="text-small">{t("forgottenSince")}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-x-3.5">
          {sourceOf(memory) ? (
            <TextButton onClick={() => actions.open(memory)}>{t("openMessage")}</TextButton>
          ) : (
            memory.kind === "fact" && <span className="text-faint text-small">{t("noChat")}</span>
          )}
          <TextButton onClick={() => actions.pin([memory])}>
            {memory.pinned ? t("unpin") : t("pin")}
          </TextButton>
          <TextButton onClick={() => actions.pause([memory])}>{paused ? t("resume") : t("pause")}</TextButton>
          <TextButton quiet className="ms-auto" onClick={() => actions.forget([memory.id])}>
            {t("forget")}
          </TextButton>
        </div>
      )}
    </article>
  );
}

/** Kind, who said it, when and where; and how sure memory was. */
function Facts({ memory, inView }: { memory: Memory; inView: boolean }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const chatOf = useChatOf();
  const changed = earlierOf(memory).length;
  const who = memory.speaker ?? (memory.role === "assistant" ? t("saidByMemocha") : t("saidByYou"));
  const notes = [
    memory.kind !== "digest" && who,
    when.day(memory.created_at),
    chatOf(memory),
    changed > 0 && t("changedTimes", { count: changed }),
    memory.state === "paused" && t("pausedNote"),
    inView && t("inView"),
  ];
  return (
    <div className="tabular flex items-center gap-2 text-small">
      <p className="min-w-0 flex-1 text-soft">
        <KindName kind={memory.kind} />{" "}
        {memory.pinned && (
          <Pin
            size={13}
            role="img"
            aria-label={t("pinned")}
            className="me-1 inline fill-current align-[-1px] text-mocha"
          />
        )}
        {notes.filter(Boolean).join(" · ")}
        {changedOf(memory) && (
          <>
            {" · "}
            <TextButton onClick={() => open({ name: "detail", id: memory.id })}>{t("history")}</TextButton>
          </>
        )}
      </p>
      <Strength score={memory.score} />
    </div>
  );
}

function changedOf(memory: Memory): boolean {
  const { history = [] } = memory as Partial<MemoryDetail>;
  return earlierOf(memory).length > 0 || history.some((event) => event.action === "edited");
}
