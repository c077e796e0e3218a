import type { Readiness } from "@/api/types";

/** What does not work at the moment, the worst first. */
export interface Trouble {
  kind: "offline" | "unreachable" | "postgres" | "model" | "fallback" | "loading" | "memory" | "embedding";
  /** How far what makes it go away has come. */
  progress: { processed: number; total: number } | null;
  /** What the service says of it, where that is more than we say. */
  said: { code: string; title: string } | null;
}

interface Seen {
  online: boolean;
  /** Nothing answers. */
  failing: boolean;
  ready: Readiness | null | undefined;
  /** The model runs on the service's own machine. */
  local: boolean;
  /** The model was seen at work since the page was opened, or has had the time to get there. */
  modelExpected: boolean;
}

/** What the service says of a model that is away, which we say ourselves. */
const SILENT = "model_unavailable";

/** The one trouble to speak of; null while all is well. */
export function troubleOf({ online, failing, ready, local, modelExpected }: Seen): Trouble | null {
  const plain = { progress: null, said: null };
  if (!online) return { kind: "offline", ...plain };
  if (failing) return { kind: "unreachable", ...plain };
  const { postgres, model, memory } = ready?.dependencies ?? {};
  if (postgres && postgres.state !== "ok") return { kind: "postgres", ...plain };
  if (model && model.state !== "ok") {
    // A model that came with the service is there in a moment; one that is elsewhere, or that was here, has gone away.
    if (local && !modelExpected) return { kind: "loading", ...plain };
    if (model.state === "degraded") return { kind: "fallback", ...plain };
    const { code, detail } = model;
    const more = code && detail && code !== SILENT;
    return { kind: "model", progress: null, said: more ? { code, title: detail } : null };
  }
  if (memory && memory.state !== "ok") {
    const progress = memory.progress ?? null;
    return { kind: progress ? "embedding" : "memory", progress, said: null };
  }
  return null;
}
