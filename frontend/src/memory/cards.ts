import { useEffect } from "react";
import { create } from "zustand";
import { keepHere, keptHere } from "@/shell/entry";

/** The card that Tab leads to; the arrow keys move from it. Null: the first. */
export const useCurrentCard = create<{ id: string | null }>(() => ({ id: null }));

/** Under which name the card that one left from is kept with the browser's history. */
export const CARD = "card";

const CARDS = "[data-memory]";
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/** The ids of the cards that are shown beside this one, in their order. */
export function orderAround(card: HTMLElement): string[] {
  return cardsAround(card).map((each) => each.dataset.memory ?? "");
}

/** The card that a key leads to; null where there is none, or the key leads nowhere. */
export function cardBeside(card: HTMLElement, key: string): HTMLElement | null {
  const cards = cardsAround(card);
  const at = cards.indexOf(card);
  if (key === "Home") return cards[0] ?? null;
  if (key === "End") return cards.at(-1) ?? null;
  const step = STEPS[key];
  if (step === undefined) return null;
  if (key === "ArrowDown" || key === "ArrowUp") return inNextRow(cards, at, step);
  const backwards = getComputedStyle(card).direction === "rtl";
  return cards[at + (backwards ? -step : step)] ?? null;
}

/** Have the focus on a card. */
export function focusCard(card: HTMLElement | null): void {
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
}

/** Come back to the card that one left the page from, once there are cards. */
export function useComeBack(ready: boolean): void {
  useEffect(() => {
    const id = ready ? keptHere<string>(CARD) : null;
    if (id === null) return;
    keepHere(CARD, null);
    const find = () => document.querySelector<HTMLElement>(`[data-memory="${CSS.escape(id)}"]`);
    function look(): void {
      find()?.scrollIntoView({ block: "center" });
    }
    find()?.focus({ preventScroll: true });
    look();
    // What stands above has its height only where it was laid out.
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [ready]);
}

/** The card that has the focus when this one is gone. */
export function heirOf(card: HTMLElement): HTMLElement | null {
  const cards = cardsAround(card);
  const at = cards.indexOf(card);
  return cards[at + 1] ?? cards[at - 1] ?? null;
}

function cardsAround(card: HTMLElement): HTMLElement[] {
  return [...(card.closest("[data-cards]")?.querySelectorAll<HTMLElement>(CARDS) ?? [])];
}

/** Of the next row up or down, the card that is nearest across. */
function inNextRow(cards: HTMLElement[], at: number, step: number): HTMLElement | null {
  const from = cards[at]?.getBoundingClientRect();
  if (from === undefined) return null;
  let best: { card: HTMLElement; top: number; far: number } | null = null;
  for (let next = at + step; next >= 0 && next < cards.length; next += step) {
    const card = cards[next];
    const box = card?.getBoundingClientRect();
    if (card === undefined || box === undefined) break;
    const beyond = step > 0 ? box.top >= from.bottom - 1 : box.bottom <= from.top + 1;
    if (!beyond) continue;
    if (best !== null && Math.abs(box.top - best.top) > 2) break;
    const far = Math.abs(middle(box) - middle(from));
    if (best === null || far < best.far) best = { card, top: box.top, far };
  }
  return best?.card ?? null;
}

function middle(box: DOMRect): number {
  return (box.left + box.right) / 2;
}
