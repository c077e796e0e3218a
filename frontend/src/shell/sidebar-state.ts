import { create } from "zustand";
import { read, write } from "./storage";

const KEY = "memocha:sidebar";

/** Whether the sidebar stands open on wide screens. */
export const useSidebar = create<{ open: boolean; toggle(): void }>((set, get) => ({
  open: typeof window === "undefined" || read(KEY) !== "closed",
  toggle: () => {
    const open = !get().open;
    write(KEY, open ? null : "closed");
    set({ open });
  },
}));
