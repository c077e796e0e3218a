import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import type { Session } from "@/api/types";
import { deleteWithUndo } from "@/api/undo";
import { setTurn } from "@/conversation/turn";
import { chatPath, navigate, parseRoute } from "@/shell/router";
import { toast } from "@/ui/Toast";
import { type Change, changeSession, forgetSession } from "./changes";
import { returnTo } from "./focus";
import { shortTitle } from "./title";

export interface SessionActions {
  rename(session: Session, title: string): void;
  /** Put away, or get back. */
  archive(session: Session): void;
  /** Whether this chat remembers and is given memories. */
  toggleMemory(session: Session): void;
  /** Delete, with a while to take it back; with the memories that came from it unless they are kept. */
  remove(session: Session, how?: { keepMemories?: boolean }): void;
}

/** What can be done with sessions, with the words that go with it. */
export function useSessionActions(): SessionActions {
  const t = useTranslations("sessions");
  const common = useTranslations("common");
  const textOf = useProblemText();
  const name = (session: Session) => shortTitle(session.title || t("untitled"));

  async function change(session: Session, with_: Change): Promise<boolean> {
    try {
      await changeSession(session.id, with_);
      return true;
    } catch (error) {
      toast({ text: `${t("notChanged")} ${textOf(asProblem(error))}`, tone: "trouble" });
      return false;
    }
  }

  async function archive(session: Session): Promise<void> {
    const archived = !session.archived;
    async function takeBack(): Promise<void> {
      if (await change(session, { archived: !archived })) returnTo(session.id);
    }
    if (!(await change(session, { archived }))) return;
    toast({
      text: t(archived ? "archivedNow" : "unarchivedNow", { title: name(session) }),
      action: { label: common("undo"), run: () => void takeBack() },
    });
  }
  async function toggleMemory(session: Session): Promise<void> {
    const memory_enabled = !session.memory_enabled;
    if (await change(session, { memory_enabled }))
      toast({ text: t(memory_enabled ? "memoryOn" : "memoryOff") });
  }
  return {
    rename(session, given) {
      const title = given.trim();
      if (title !== "" && title !== session.title) void change(session, { title });
    },
    archive: (session) => void archive(session),
    toggleMemory: (session) => void toggleMemory(session),
    remove(session, { keepMemories = false } = {}) {
      const { id } = session;
      const shown = shows(id);
      deleteWithUndo({
        ids: [id],
        text: t(keepMemories ? "deletedAlone" : "deleted", { title: name(session) }),
        undo: common("undo"),
        method: "DELETE",
        path: `/api/sessions/${id}?memories=${keepMemories ? "keep" : "delete"}`,
        // Whoever was reading it goes on reading it.
        onUndone() {
          if (shown && parseRoute(window.location).name === "new") navigate(chatPath(id));
          returnTo(id);
        },
        onDone() {
          setTurn(id, null);
          forgetSession(id);
        },
        onFailed: (problem) => toast({ text: `${t("notDeleted")} ${textOf(problem)}`, tone: "trouble" }),
      });
      if (shown) navigate("/", { replace: true });
    },
  };
}

function shows(id: string): boolean {
  const route = parseRoute(window.location);
  return route.name === "chat" && route.sessionId === id;
}
