import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslations } from "use-intl";
import { create } from "zustand";
import { cx } from "./cx";
import { IconButton } from "./IconButton";
import { useTopLayer } from "./Modal";

export interface Toast {
  text: string;
  tone?: "plain" | "trouble";
  action?: { label: string; run(): void };
  /** Milliseconds that it stays; Infinity: until it is dismissed. Default 6,000. */
  stays?: number;
  /** Called when it goes, in whatever way, but by its action. */
  onGone?(): void;
}

type Shown = Toast & { id: number };

const useToasts = create<{ items: Shown[] }>(() => ({ items: [] }));
let last = 0;

/** Tell something in passing. Returns how to take it back before its time (`onGone` is not called then). */
export function toast(item: Toast): () => void {
  last += 1;
  const id = last;
  useToasts.setState(({ items }) => ({ items: [...items, { ...item, id }] }));
  return () => remove(id);
}

/** Do what the last toast offers that offers anything: taking back what was done. Null where none does. */
export function lastUndo(): (() => void) | null {
  const item = useToasts.getState().items.findLast(({ action }) => action !== undefined);
  return item ? () => act(item) : null;
}

function act({ id, action }: Shown): void {
  remove(id);
  action?.run();
}

/** Take all of them away, and do nothing else. */
export function clearToasts(): void {
  useToasts.setState({ items: [] });
}

function remove(id: number): void {
  useToasts.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
}

/** Where toasts stand. Once, in the frame. `raised`: above the field that one writes in. */
export function Toasts({ raised = false }: { raised?: boolean }) {
  const items = useToasts((state) => state.items);
  const layer = useTopLayer();
  const stack = (
    <div
      role="status"
      aria-live="polite"
      className={cx(
        "pointer-events-none fixed inset-x-0 z-60 flex flex-col items-center gap-2 p-4 pb-[max(1rem,env(safe-area-inset-bottom))]",
        raised ? "bottom-31" : "bottom-0",
      )}
    >
      {items.map((item) => (
        <ToastBar key={item.id} item={item} />
      ))}
    </div>
  );
  // Under a modal a toast could be seen and not reached.
  return layer ? createPortal(stack, layer) : stack;
}

function ToastBar({ item }: { item: Shown }) {
  const t = useTranslations("common");
  const { id, stays = 6_000, onGone } = item;
  const [held, hold] = useState(false);

  useEffect(() => {
    if (held || stays === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => {
      remove(id);
      onGone?.();
    }, stays);
    return () => clearTimeout(timer);
  }, [id, stays, onGone, held]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it waits while one is at it
    <div
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
      className={cx(
        "pointer-events-auto flex min-h-11 max-w-[min(34rem,100%)] animate-rise items-center gap-3 rounded-card py-1.5 ps-4 pe-1.5 shadow-float",
        "bg-roast text-on-roast",
      )}
    >
      <p className="wrap-anywhere min-w-0 flex-1 py-1">{item.text}</p>
      {item.action && (
        <button
          type="button"
          className="min-h-8 shrink-0 rounded-row px-3 font-semibold hover:bg-on-roast/10 focus-visible:outline-on-roast"
          onClick={() => act(item)}
        >
          {item.action.label}
        </button>
      )}
      <IconButton
        label={t("dismiss")}
        size="small"
        className="text-on-roast/70 hover:bg-on-roast/10 hover:text-on-roast focus-visible:outline-on-roast"
        onClick={() => {
          remove(id);
          onGone?.();
        }}
      >
        <X size={16} />
      </IconButton>
    </div>
  );
}
