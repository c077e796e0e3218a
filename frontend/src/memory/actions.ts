import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Memory, Source } from "@/api/types";
import { deleteWithUndo } from "@/api/undo";
import { toast } from "@/ui/Toast";
import { type Change, changeMemories, parts } from "./changes";
import { sourceOf } from "./kinds";
import { openSource } from "./opening";

type Some = readonly Pick<Memory, "id" | "pinned" | "state">[];

export interface MemoryActions {
  /** Pin; unpin where all are pinned. */
  pin(memories: Some): void;
  /** Pause; resume where all are paused. */
  pause(memories: Some): void;
  /** Put it differently. Whether it could be kept. */
  edit(id: string, text: string): Promise<boolean>;
  /** Forget, with a while to take it back. */
  forget(ids: readonly string[]): void;
  /** Go to the message that it came from. `source`: to this one of several. */
  open(memory: Memory, source?: Source): void;
}

/** What can be done with memories, with the words that go with it. */
export function useMemoryActions(): MemoryActions {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const textOf = useProblemText();

  async function change(ids: string[], with_: Change): Promise<boolean> {
    try {
      await changeMemories(ids, with_);
      return true;
    } catch (error) {
      toast({ text: `${t("notKept")} ${textOf(asProblem(error))}`, tone: "trouble" });
      return false;
    }
  }

  return {
    pin(memories) {
      const pinned = !allPinned(memories);
      void change(idsOf(memories), { pinned });
    },
    pause(memories) {
      const state = allPaused(memories) ? "active" : "paused";
      void change(idsOf(memories), { state });
    },
    edit: (id, text) => change([id], { text }),
    forget(ids) {
      for (const part of parts(ids)) {
        const [only] = part;
        deleteWithUndo({
          ids: part,
          text: t("forgotten", { count: part.length }),
          undo: common("undo"),
          ...(part.length === 1
            ? { method: "DELETE", path: `/api/memories/${only}` }
            : { method: "POST", path: "/api/memories/bulk", body: { ids: part, action: "delete" } }),
          onDone: readAgain,
          onFailed: (problem) => toast({ text: `${t("notForgotten")} ${textOf(problem)}`, tone: "trouble" }),
        });
      }
    },
    async open(memory, source = sourceOf(memory) ?? undefined) {
      if (source === undefined) {
        toast({ text: t("noSource") });
        return;
      }
      const place = await openSource(memory.id, source);
      if (place === "gone") toast({ text: t("sourceGone") });
      if (place === "elsewhere") toast({ text: t("sourceElsewhere") });
    },
  };
}

export function allPinned(memories: Some): boolean {
  return memories.every((memory) => memory.pinned);
}

export function allPaused(memories: Some): boolean {
  return memories.every((memory) => memory.state === "paused");
}

function idsOf(memories: Some): string[] {
  return memories.map((memory) => memory.id);
}

/** What else came from the same messages is gone too, and chats show what was learned in them. */
function readAgain(): void {
  void queryClient.invalidateQueries({ queryKey: keys.memories });
  void queryClient.invalidateQueries({ queryKey: ["messages"] });
}
