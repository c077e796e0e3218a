import { create } from "zustand";

/** What lies over the memory page or the panel, one at a time. */
export type Opened =
  | { name: "detail"; id: string }
  | { name: "add" }
  | { name: "import" }
  | { name: "clear" }
  | { name: "chats" };

export const useOpened = create<{ opened: Opened | null }>(() => ({ opened: null }));

export function open(opened: Opened): void {
  useOpened.setState({ opened });
}

export function close(): void {
  useOpened.setState({ opened: null });
}
