import { create } from "zustand";
import type { RecalledMemory } from "@/api/types";
import { keepHere, keptHere } from "./entry";
import { parseRoute } from "./router";

/** Under which name it is kept with the browser's history. */
const KEPT = "panel";

/** What stands in the panel at the side: the memories that one answer was given. */
export interface Shown {
  sessionId: string;
  answerId: string;
  memories: RecalledMemory[];
  /** The number of the memory to look at first, as the answer cites it. */
  focus: number | null;
  /** Counts up each time that something is shown: the same memory may be asked for again. */
  asking: number;
}

interface Panel {
  shown: Shown | null;
  show(shown: Omit<Shown, "asking">): void;
  close(): void;
}

/**
 * The panel "What I remembered". What it shows is kept with the browser's history: whoever follows a memory to another
 * conversation finds it as it was when they come back.
 */
export const usePanel = create<Panel>((set, get) => ({
  shown: null,
  show: (asked) => {
    const shown = { ...asked, asking: (get().shown?.asking ?? 0) + 1 };
    keepHere(KEPT, shown);
    set({ shown });
  },
  close: () => {
    keepHere(KEPT, null);
    set({ shown: null });
  },
}));

/**
 * Have the panel as it is to be where one has gone. `room`: it stands beside the conversation; otherwise it lies over it,
 * and goes when a message is to be seen there.
 */
export function followPanel(room: boolean): void {
  const { shown } = usePanel.getState();
  const kept = keptHere<Shown>(KEPT);
  if (kept) {
    if (kept.answerId !== shown?.answerId) usePanel.setState({ shown: kept });
    return;
  }
  if (shown === null) return;
  const route = parseRoute(window.location);
  const same = route.name === "chat" && route.sessionId === shown.sessionId;
  if (same && (room || route.messageId === null)) keepHere(KEPT, shown);
  else usePanel.setState({ shown: null });
}
