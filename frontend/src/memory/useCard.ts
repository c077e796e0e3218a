import { type KeyboardEvent, useRef, useState } from "react";
import type { Memory } from "@/api/types";
import { useMemoryActions } from "./actions";
import { cardBeside, focusCard, heirOf, orderAround, useCurrentCard } from "./cards";
import { editable } from "./kinds";
import { open } from "./opened";
import { extend, toggle, useSelected, useSelection } from "./selection";

/** What a card of the page does: by its buttons, by its menu, and by keys. `first`: Tab leads to it to begin with. */
export function useCard(memory: Memory, first: boolean) {
  const { id } = memory;
  const ref = useRef<HTMLElement>(null);
  const actions = useMemoryActions();
  const selected = useSelected(id);
  const current = useCurrentCard((state) => state.id === id || (state.id === null && first));
  const [editing, setEditing] = useState(false);

  function select(range: boolean): void {
    if (range && ref.current) extend(orderAround(ref.current), id);
    else toggle(id);
  }
  function forget(): void {
    const heir = ref.current && heirOf(ref.current);
    actions.forget([id]);
    focusCard(heir);
  }
  function stopEditing(): void {
    setEditing(false);
    ref.current?.focus({ preventScroll: true });
  }
  /** What a key does on the card itself; null: nothing. */
  function deed(event: KeyboardEvent): (() => void) | null {
    const beside = ref.current && cardBeside(ref.current, event.key);
    if (beside) return () => focusCard(beside);
    if (event.key.toLowerCase() === "x") return () => select(event.shiftKey);
    if (event.key === "Enter") return () => open({ name: "detail", id });
    if (event.key === "e" && editable(memory)) return () => setEditing(true);
    // With a selection these keys mean all of it (SelectionBar).
    if (useSelection.getState().ids.size > 0) return null;
    if (event.key === "p") return () => actions.pin([memory]);
    if (event.key === "Delete" || event.key === "Backspace") return forget;
    return null;
  }
  function press(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const act = deed(event);
    if (act === null) return;
    event.preventDefault();
    act();
  }

  const tabIndex = current ? 0 : -1;
  return {
    actions,
    selected,
    select,
    forget,
    editing,
    edit: () => setEditing(true),
    stopEditing,
    tabIndex,
    /** For the element that is the card. */
    card: {
      ref,
      tabIndex,
      "data-memory": id,
      "aria-keyshortcuts": editable(memory) ? "x e p Delete" : "x p Delete",
      onKeyDown: press,
      onFocus: () => useCurrentCard.setState({ id }),
    },
  };
}

export type Card = ReturnType<typeof useCard>;
