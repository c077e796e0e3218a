import { cx } from "./cx";

interface SwitchProps {
  checked: boolean;
  onChange(checked: boolean): void;
  /** Names it where no visible label does (`aria-labelledby`). */
  label?: string;
  labelledBy?: string;
  describedBy?: string;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ checked, onChange, label, labelledBy, describedBy, disabled }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={() => onChange(!checked)}
      className={cx(
        "relative inline-flex h-6 w-10 shrink-0 items-center rounded-full border transition-colors duration-150",
        "disabled:opacity-45",
        checked ? "border-mocha bg-mocha" : "border-edge bg-line",
      )}
    >
      <span
        className={cx(
          "block size-4.5 rounded-full bg-card shadow-lift transition-[translate] duration-150 ease-calm",
          checked ? "translate-x-4.5 rtl:-translate-x-4.5" : "translate-x-0.5 rtl:-translate-x-0.5",
        )}
      />
    </button>
  );
}
