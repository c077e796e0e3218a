import { create } from "zustand";
import { SIDEBAR_KEY } from "./head-script";
import { read, write } from "./storage";

/** Whether the sidebar stands open on wide screens. */
export const useSidebar = create<{ open: boolean; toggle(): void }>((set, get) => ({
  open: typeof window === "undefined" || read(SIDEBAR_KEY) !== "closed",
  toggle: () => {
    const open = !get().open;
    write(SIDEBAR_KEY, open ? null : "closed");
    set({ open });
  },
}));
