import { cx } from "./cx";

interface MeterProps {
  /** From 0 to 1. */
  value: number;
  label: string;
  className?: string;
}

/** How much of something: a line that fills. SVG, since a width in a style attribute would need a looser content policy. */
export function Meter({ value, label, className }: MeterProps) {
  const part = Math.min(1, Math.max(0, value));
  return (
    <svg
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * part)}
      className={cx("h-1 w-full overflow-hidden rounded-full", className)}
    >
      <rect width="100" height="4" className="fill-line" />
      <rect width={100 * part} height="4" className="fill-mocha" />
    </svg>
  );
}
