import type { ReactNode } from "react";

interface RoundButtonProps {
  label: string;
  disabled: boolean;
  submit?: boolean;
  onClick?: () => void;
  children: ReactNode;
}

/** The one button of where one writes: Send, or Stop. */
export function RoundButton({ label, disabled, submit = false, onClick, children }: RoundButtonProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      aria-label={label}
      data-tip={label}
      data-tip-align="end"
      disabled={disabled}
      onClick={onClick}
      className="tip grid size-9 place-items-center rounded-full bg-mocha text-on-mocha transition-colors duration-150 hover:bg-mocha-strong disabled:bg-line disabled:text-faint pointer-coarse:size-11"
    >
      {children}
    </button>
  );
}
