import { useTranslations } from "use-intl";
import { asProblem } from "@/api/problem";
import type { Memory, MemoryDetail } from "@/api/types";
import { Chip } from "@/ui/Chip";
import { Dialog } from "@/ui/Dialog";
import { Skeleton } from "@/ui/Skeleton";
import { useMemoryActions } from "./actions";
import { useMemory } from "./data";
import { KindName } from "./Meta";
import { close } from "./opened";
import { Past } from "./Past";
import { Sources } from "./Sources";
import { Trouble } from "./Trouble";
import { useWhen, type When } from "./when";

/** One memory: what it says, where it is from, what it was before, and how it was used. */
export function DetailDialog({ id }: { id: string }) {
  const t = useTranslations("memory");
  const { data, error, refetch } = useMemory(id);
  const gone = error !== null && asProblem(error).status === 404;
  return (
    <Dialog open onOpenChange={close} title={t("detailTitle")} wide>
      <div data-autofocus tabIndex={-1} className="outline-none">
        {data && !gone ? (
          <Detail memory={data} />
        ) : gone ? (
          <p className="text-soft">{t("detailGone")}</p>
        ) : error ? (
          <Trouble error={error} onRetry={() => void refetch()} />
        ) : (
          <div aria-busy="true" className="flex flex-col gap-3">
            <Skeleton className="h-5 w-3/4" />
            <Skeleton className="h-4 w-1/3" />
            <Skeleton className="h-20 rounded-card" />
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Detail({ memory }: { memory: MemoryDetail }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const actions = useMemoryActions();
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p dir="auto" className="whitespace-pre-line break-words text-answer">
          {memory.kind === "episode" ? t("quoted", { text: memory.text }) : memory.text}
        </p>
        <p className="tabular mt-2 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-small text-soft">
          <KindName kind={memory.kind} />
          {validity(memory, when, t)}
          {memory.pinned && <Chip kind="memory">{t("pinned")}</Chip>}
          {memory.state === "paused" && <Chip>{t("pausedNote")}</Chip>}
        </p>
        <p className="tabular mt-1 text-small text-soft">{useOf(memory, when, t)}</p>
      </div>
      <Sources
        memory={memory}
        onOpen={(source) => {
          close();
          actions.open(memory, source);
        }}
      />
      <Past memory={memory} />
    </div>
  );
}

type Words = ReturnType<typeof useTranslations<"memory">>;

/** Since when, and until when where it holds no more. */
function validity(memory: Memory, when: When, t: Words): string {
  const { valid_from, valid_to, created_at } = memory;
  if (valid_from && valid_to)
    return t("fromUntil", { from: when.about(valid_from), until: when.about(valid_to) });
  if (valid_to) return t("until", { when: when.about(valid_to) });
  if (valid_from) return t("since", { when: when.about(valid_from) });
  return t(memory.kind === "fact" ? "rememberedOn" : memory.kind === "digest" ? "writtenOn" : "saidOn", {
    when: when.day(created_at),
  });
}

/** How often it was said again, and how often an answer was given it. */
function useOf(memory: Memory, when: When, t: Words): string {
  const { confirmed, recalled_count: recalled, last_recalled_at: last } = memory;
  const parts = [
    confirmed > 0 && t("confirmedTimes", { count: confirmed }),
    recalled > 0 ? t("recalledTimes", { count: recalled }) : t("neverRecalled"),
    last && t("lastRecalled", { when: when.day(last) }),
  ];
  return parts.filter(Boolean).join(" · ");
}
