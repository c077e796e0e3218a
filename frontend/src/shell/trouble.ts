import type { Readiness } from "@/api/types";

/** What does not work at the moment, the worst first. */
export interface Trouble {
  kind: "offline" | "unreachable" | "postgres" | "model" | "loading" | "memory" | "embedding";
  /** How far what makes it go away has come. */
  progress: { done: number; total: number } | null;
  /** What the service says of it, where that is more than we say. */
  detail: string | null;
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
const SILENT = /(does|did) not answer/;

/** The one trouble to speak of; null while all is well. */
export function troubleOf({ online, failing, ready, local, modelExpected }: Seen): Trouble | null {
  const plain = { progress: null, detail: null };
  if (!online) return { kind: "offline", ...plain };
  if (failing) return { kind: "unreachable", ...plain };
  const { postgres, model, memory } = ready?.dependencies ?? {};
  if (postgres && postgres.state !== "ok") return { kind: "postgres", ...plain };
  if (model && model.state !== "ok") {
    // A model that came with the service is there in a moment; one that is elsewhere, or that was here, has gone away.
    if (local && !modelExpected) return { kind: "loading", ...plain };
    return {
      kind: "model",
      progress: null,
      detail: SILENT.test(model.detail ?? "") ? null : (model.detail ?? null),
    };
  }
  if (memory && memory.state !== "ok") {
    const progress = progressIn(memory.detail ?? "");
    return { kind: progress ? "embedding" : "memory", progress, detail: null };
  }
  return null;
}

/** How far the service has come, where its words tell: "1,200 of 5,000". */
export function progressIn(detail: string): Trouble["progress"] {
  const found = /(\d[\d,]*) of (\d[\d,]*)/.exec(detail);
  if (found === null) return null;
  const [done, total] = [found[1], found[2]].map((digits) => Number(digits?.replaceAll(",", "")));
  return done !== undefined && total ? { done, total } : null;
}
