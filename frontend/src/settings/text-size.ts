import { create } from "zustand";
import { TEXT_KEY } from "@/shell/head-script";
import { read, write } from "@/shell/storage";

export const TEXT_SIZES = ["small", "normal", "large", "larger"] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const useChosen = create<{ size: TextSize }>(() => ({ size: kept() }));

/** How large words are, followed. The sizes themselves are in text-size.css. */
export function useTextSize(): TextSize {
  return useChosen((state) => state.size);
}

/** Choose a size, from this moment on and for the next visit. */
export function setTextSize(size: TextSize): void {
  write(TEXT_KEY, size === "normal" ? null : size);
  if (size === "normal") delete document.documentElement.dataset.text;
  else document.documentElement.dataset.text = size;
  useChosen.setState({ size });
}

function kept(): TextSize {
  const size = read(TEXT_KEY);
  return TEXT_SIZES.find((each) => each === size) ?? "normal";
}
