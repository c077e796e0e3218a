import { create } from "zustand";
import type { RecalledMemory } from "@/api/types";

/** What stands in the panel at the side: the memories that one answer was given. */
export interface Shown {
  sessionId: string;
  answerId: string;
  memories: RecalledMemory[];
  /** The number of the memory to look at first, as the answer cites it. */
  focus: number | null;
}

interface Panel {
  shown: Shown | null;
  show(shown: Shown): void;
  close(): void;
}

/** The panel "What I remembered". */
export const usePanel = create<Panel>((set) => ({
  shown: null,
  show: (shown) => set({ shown }),
  close: () => set({ shown: null }),
}));
