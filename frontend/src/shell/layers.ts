import { create } from "zustand";

/** What lies over the page, one at a time. */
export type Layer = "palette" | "shortcuts" | "drawer";

interface Layers {
  open: Layer | null;
  show(layer: Layer): void;
  close(): void;
}

export const useLayers = create<Layers>((set) => ({
  open: null,
  show: (open) => set({ open }),
  close: () => set({ open: null }),
}));
