import { Check } from "lucide-react";
import type { MouseEvent } from "react";
import { cx } from "@/ui/cx";

interface SelectBoxProps {
  checked: boolean;
  label: string;
  /** `range`: all up to here are meant. */
  onToggle(range: boolean): void;
  tabIndex?: number;
  className?: string;
}

/** A box to select something with; with Shift, all from the last one to this. */
export function SelectBox({ checked, label, onToggle, tabIndex, className }: SelectBoxProps) {
  function press(event: MouseEvent): void {
    onToggle(event.shiftKey);
  }
  return (
    // A button and no input: the keys held while it is pressed are told alike by all browsers.
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      tabIndex={tabIndex}
      onClick={press}
      className={cx(
        "-m-2 grid size-8.5 shrink-0 place-items-center rounded-row pointer-coarse:size-9",
        className,
      )}
    >
      <span
        className={cx(
          "grid size-4.5 place-items-center rounded-tick border transition-colors duration-150",
          checked ? "border-mocha bg-mocha text-on-mocha" : "border-edge bg-card hover:border-mocha",
        )}
      >
        {checked && <Check size={13} strokeWidth={3} />}
      </span>
    </button>
  );
}
