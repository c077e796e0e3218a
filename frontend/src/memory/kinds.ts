import type { components } from "@/api/schema";
import type { ListedMemory, Memory, Source, Told } from "@/api/types";

type Schemas = components["schemas"];

export type Kind = Memory["kind"];
/** A memory as a search finds it: with its strength, and whether an answer would be given it. */
export type Found = Told<Schemas["Found"]>;
export type ErasureReceipt = Told<Schemas["ErasureReceipt"]>;
export type RetentionRun = Told<Schemas["RetentionRun"]>;

/** The message to open of a memory: the one that its date is of, else the first. Null where none is behind it. */
export function sourceOf(memory: Pick<Memory, "sources" | "created_at">): Source | null {
  const { sources, created_at } = memory;
  return sources.find((source) => source.created_at === created_at) ?? sources[0] ?? null;
}

/** What a fact has taken the place of, the newest first; as an answer was given a memory, that is not told. */
export function earlierOf(memory: Memory): ListedMemory["earlier"] {
  return (memory as Partial<ListedMemory>).earlier ?? [];
}

/** Whether its words may be changed: facts are put in words here, moments are what somebody said. */
export function editable(memory: Pick<Memory, "kind" | "superseded_by">): boolean {
  return memory.kind === "fact" && !memory.superseded_by;
}
