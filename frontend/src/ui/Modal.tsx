import {
  createContext,
  type MouseEvent,
  type ReactNode,
  type SyntheticEvent,
  useContext,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { create } from "zustand";
import { cx } from "./cx";

const useStack = create<{ open: HTMLElement[] }>(() => ({ open: [] }));
const Layer = createContext<HTMLElement | null>(null);

/** The modal that one is inside of, where menus have to open: what is outside of it cannot be reached. */
export function useLayer(): HTMLElement | null {
  return useContext(Layer);
}

/** The modal that lies on top of the page, if one does. */
export function useTopLayer(): HTMLElement | null {
  return useStack((state) => state.open.at(-1) ?? null);
}

interface ModalProps {
  onClose(): void;
  labelledBy?: string;
  label?: string;
  className?: string;
  children: ReactNode;
}

/**
 * A layer over the page, modal while it is mounted. The browser's own <dialog>: it holds the focus, gives it back, and
 * keeps the rest of the page out of reach, without a style element that the content policy would refuse.
 * What is to have the focus first carries `data-autofocus`.
 */
export function Modal({ onClose, labelledBy, label, className, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const [layer, setLayer] = useState<HTMLElement | null>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    dialog.showModal();
    // Else the browser would choose the first button, which is mostly the one that closes it.
    (dialog.querySelector<HTMLElement>("[data-autofocus]") ?? dialog).focus();
    setLayer(dialog);
    useStack.setState(({ open }) => ({ open: [...open, dialog] }));
    return () => {
      useStack.setState(({ open }) => ({ open: open.filter((each) => each !== dialog) }));
      dialog.close();
    };
  }, []);

  function cancel(event: SyntheticEvent): void {
    if (event.target !== ref.current) return;
    event.preventDefault();
    onClose();
  }
  function press(event: MouseEvent): void {
    // Of the dialog itself only the veil can be hit: its content fills it.
    if (event.target === ref.current) onClose();
  }

  return (
    <dialog
      ref={ref}
      tabIndex={-1}
      aria-labelledby={labelledBy}
      aria-label={label}
      onCancel={cancel}
      onMouseDown={press}
      className={cx("max-h-none text-ink outline-none backdrop:animate-fade-in backdrop:bg-veil", className)}
    >
      <Layer value={layer}>{children}</Layer>
    </dialog>
  );
}
