import { create } from "zustand";

interface Selection {
  ids: ReadonlySet<string>;
  /** Where a range begins: what was last chosen by itself. */
  anchor: string | null;
}

const NOTHING: Selection = { ids: new Set(), anchor: null };

/** The memories that are selected. */
export const useSelection = create<Selection>(() => NOTHING);

/** Whether one of them is selected, followed. */
export function useSelected(id: string): boolean {
  return useSelection((state) => state.ids.has(id));
}

/** Whether any is, followed. */
export function useSelecting(): boolean {
  return useSelection((state) => state.ids.size > 0);
}

/** Select one, or no more. */
export function toggle(id: string): void {
  useSelection.setState(({ ids }) => {
    const after = new Set(ids);
    if (!after.delete(id)) after.add(id);
    return { ids: after, anchor: id };
  });
}

/**
 * Do to all from the anchor to this one what was done to the anchor. `order`: what is shown, in its order. Without an
 * anchor that is shown, it is this one alone.
 */
export function extend(order: readonly string[], id: string): void {
  const { ids, anchor } = useSelection.getState();
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)];
  if (anchor === null || from < 0 || to < 0) {
    toggle(id);
    return;
  }
  const after = new Set(ids);
  for (const each of order.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (ids.has(anchor)) after.add(each);
    else after.delete(each);
  }
  useSelection.setState({ ids: after });
}

/** Select several, or none of them when all of them are. */
export function toggleAll(some: readonly string[]): void {
  useSelection.setState(({ ids, anchor }) => {
    const after = new Set(ids);
    const all = some.every((id) => ids.has(id));
    for (const id of some) {
      if (all) after.delete(id);
      else after.add(id);
    }
    return { ids: after, anchor: some[0] ?? anchor };
  });
}

/** Select these no more. */
export function deselect(some: readonly string[]): void {
  useSelection.setState(({ ids, anchor }) => ({
    ids: new Set([...ids].filter((id) => !some.includes(id))),
    anchor: anchor !== null && some.includes(anchor) ? null : anchor,
  }));
}

export function clearSelection(): void {
  useSelection.setState(NOTHING);
}
