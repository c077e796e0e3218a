import type { ReactNode } from "react";

interface RoundButtonProps {
  label: string;
  /** What is said of it to who points at it, where that is more than its name. */
  tip?: string;
  disabled: boolean;
  submit?: boolean;
  onClick?: () => void;
  children: ReactNode;
}

/** The one button of where one writes: Send, or Stop. */
export function RoundButton({
  label,
  tip = label,
  disabled,
  submit = false,
  onClick,
  children,
}: RoundButtonProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      aria-label={label}
      data-tip={tip}
      data-tip-align="end"
      disabled={disabled}
      onClick={onClick}
      className="tip grid size-9 place-items-center rounded-full bg-mocha text-on-mocha transition-colors duration-150 hover:bg-mocha-strong disabled:bg-line disabled:text-faint pointer-coarse:size-11"
    >
      {children}
    </button>
  );
}
