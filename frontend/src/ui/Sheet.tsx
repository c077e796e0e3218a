import type { ReactNode } from "react";
import { cx } from "./cx";
import { Modal } from "./Modal";

type Side = "start" | "end" | "bottom";

const SIDES: Record<Side, string> = {
  start: "fixed inset-y-0 start-0 end-auto h-dvh w-[min(300px,86vw)] animate-slide-start border-e",
  end: "fixed inset-y-0 start-auto end-0 h-dvh w-[min(380px,92vw)] animate-slide-end border-s",
  bottom: "fixed inset-x-0 top-auto bottom-0 w-full animate-slide-up rounded-t-shell border-t",
};

interface SheetProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Its name for screen readers; what is seen is the children's. */
  label: string;
  side: Side;
  children: ReactNode;
}

/** Something that slides over the page from one side: the drawer, the panel on a phone. */
export function Sheet({ open, onOpenChange, label, side, children }: SheetProps) {
  if (!open) return null;
  return (
    <Modal
      onClose={() => onOpenChange(false)}
      label={label}
      className={cx("m-0 max-w-none overflow-hidden border-line bg-shelf shadow-float", SIDES[side])}
    >
      <div
        className={cx(
          "flex flex-col overflow-y-auto overscroll-contain",
          side === "bottom" ? "max-h-[86dvh] pb-[env(safe-area-inset-bottom)]" : "h-full",
        )}
      >
        {children}
      </div>
    </Modal>
  );
}
