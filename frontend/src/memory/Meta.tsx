import { Pin } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Memory } from "@/api/types";
import { cx } from "@/ui/cx";
import { useChatOf } from "./chat-of";
import { earlierOf, type Kind } from "./kinds";
import { open } from "./opened";
import { Strength } from "./Strength";
import { TextButton } from "./TextButton";
import { useWhen } from "./when";

const NAMES = { fact: "kindFact", episode: "kindMoment", digest: "kindDay" } as const satisfies Record<
  Kind,
  string
>;

/** What a kind of memory is called. */
export function KindName({ kind, faded = false }: { kind: Kind; faded?: boolean }) {
  const t = useTranslations("memory");
  return <span className={cx("shrink-0 font-semibold", !faded && "text-crema-ink")}>{t(NAMES[kind])}</span>;
}

interface MetaProps {
  memory: Memory;
  found: boolean;
  tabIndex: number;
}

/** The line under a memory's words: what it is, where it is from, what became of it. */
export function Meta({ memory, found, tabIndex }: MetaProps) {
  const t = useTranslations("memory");
  const paused = memory.state === "paused";
  const notes = useNotes(memory, found);
  const changed = earlierOf(memory).length > 0;
  return (
    <div className="tabular mt-auto flex min-h-6 items-center gap-2 text-small">
      <KindName kind={memory.kind} faded={paused} />
      {memory.pinned && (
        <span className="inline-flex shrink-0 items-center gap-1 font-medium text-mocha">
          <Pin size={13} className="fill-current" aria-hidden="true" />
          <span className="sr-only">{t("pinned")}</span>
        </span>
      )}
      <span className={cx("min-w-0 flex-1 truncate", paused ? "text-faint" : "text-soft")}>
        {notes.join(" · ")}
      </span>
      {changed && (
        <TextButton
          quiet
          tabIndex={tabIndex}
          className="-my-1 shrink-0"
          onClick={() => open({ name: "detail", id: memory.id })}
        >
          {t("history")}
        </TextButton>
      )}
      {found && <Strength score={memory.score} />}
    </div>
  );
}

function useNotes(memory: Memory, found: boolean): string[] {
  const t = useTranslations("memory");
  const when = useWhen();
  const chatOf = useChatOf();
  const { sources, recalled_count: recalled } = memory;
  const changed = earlierOf(memory).length;
  const notes = [
    memory.state === "paused" && t("pausedNote"),
    found && when.day(memory.created_at),
    changed > 0 && t("changedTimes", { count: changed }),
    memory.speaker ?? (memory.kind === "episode" && memory.role === "assistant" && t("saidByMemocha")),
    chatOf(memory),
    memory.kind === "fact" && sources.length > 1 && t("sources", { count: sources.length }),
    recalled > 0 && t("recalledTimes", { count: recalled }),
  ];
  return notes.filter((note): note is string => !!note);
}
