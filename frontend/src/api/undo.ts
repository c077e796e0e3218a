import { create } from "zustand";
import { toast } from "@/ui/Toast";
import { credentialHeaders } from "./credential";
import { asProblem, type ProblemError, problemOf } from "./problem";

/** Milliseconds in which a deletion can be taken back. */
export const GRACE = 6_000;

interface Deletion {
  /** What is hidden meanwhile: ids of sessions, memories or messages. */
  ids: string[];
  /** What is said, and the word on the button that takes it back. */
  text: string;
  undo: string;
  method: "DELETE" | "POST";
  path: string;
  body?: unknown;
  /** It was taken back, or it failed: what was hidden is shown again by itself. */
  onUndone?(): void;
  /** It is done. `receipt` is what the service answered. */
  onDone?(receipt: unknown): void;
  onFailed?(problem: ProblemError): void;
}

const useHiddenIds = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));
const waiting = new Set<() => void>();

/** The ids that are as good as gone. Lists leave them out. */
export function useHidden(): ReadonlySet<string> {
  return useHiddenIds((state) => state.ids);
}

/**
 * Hide something, and delete it when nobody has taken that back in time. Leaving the page deletes at once.
 * The service knows of nothing before that: undo is the client's alone.
 */
export function deleteWithUndo(deletion: Deletion): void {
  hide(deletion.ids, true);
  let settled = false;

  function settle(): boolean {
    if (settled) return false;
    settled = true;
    waiting.delete(leave);
    return true;
  }
  function leave(): void {
    // Nobody is there any more to be told how it went.
    if (settle()) send(deletion, true).catch(() => {});
  }
  async function carryOut(): Promise<void> {
    if (!settle()) return;
    try {
      const receipt = await send(deletion, false);
      deletion.onDone?.(receipt);
    } catch (error) {
      hide(deletion.ids, false);
      const problem = asProblem(error);
      deletion.onFailed?.(problem);
      if (!deletion.onFailed) toast({ text: problem.title, tone: "trouble" });
    }
  }

  waiting.add(leave);
  toast({
    text: deletion.text,
    stays: GRACE,
    action: {
      label: deletion.undo,
      run: () => {
        if (!settle()) return;
        hide(deletion.ids, false);
        deletion.onUndone?.();
      },
    },
    onGone: () => void carryOut(),
  });
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => {
    for (const leave of [...waiting]) leave();
  });
}

async function send({ method, path, body }: Deletion, keepalive: boolean): Promise<unknown> {
  const response = await fetch(path, {
    method,
    keepalive,
    headers: {
      ...credentialHeaders(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

function hide(ids: string[], hidden: boolean): void {
  useHiddenIds.setState((before) => {
    const after = new Set(before.ids);
    for (const id of ids) {
      if (hidden) after.add(id);
      else after.delete(id);
    }
    return { ids: after };
  });
}
