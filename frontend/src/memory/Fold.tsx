import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cx } from "@/ui/cx";
import { deselect } from "./selection";

interface FoldProps {
  /** What is in it, in words. */
  label: string;
  /** The memories in it: what is folded away is not selected, since what is out of sight is not acted upon. */
  ids: readonly string[];
  open: boolean;
  onFold(open: boolean): void;
  children: ReactNode;
}

/** Memories that are shown when they are asked for. */
export function Fold({ label, ids, open, onFold, children }: FoldProps) {
  const id = useId();
  function turn(): void {
    if (open) deselect(ids);
    onFold(!open);
  }
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={turn}
        className="-mx-2 flex min-h-7 select-none items-center gap-1.5 self-start rounded-row px-2 text-start text-small text-soft transition-colors duration-150 hover:bg-hover hover:text-ink pointer-coarse:min-h-9"
      >
        <ChevronDown
          size={14}
          aria-hidden="true"
          className={cx("shrink-0 transition-transform duration-150", !open && "-rotate-90 rtl:rotate-90")}
        />
        {label}
      </button>
      {open && (
        <div id={id} className="animate-fade-in">
          {children}
        </div>
      )}
    </>
  );
}
