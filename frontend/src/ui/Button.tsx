import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "./cx";

type Kind = "primary" | "quiet" | "ghost" | "danger";
type Size = "small" | "medium";

const KINDS: Record<Kind, string> = {
  primary: "bg-mocha text-on-mocha hover:bg-mocha-strong",
  quiet: "border border-line bg-card text-ink hover:bg-hover",
  ghost: "text-soft hover:bg-hover hover:text-ink",
  danger: "border border-clay/40 text-clay hover:bg-clay-wash",
};
const SIZES: Record<Size, string> = {
  small: "min-h-8 gap-1.5 px-3 text-small pointer-coarse:min-h-9",
  medium: "min-h-9 gap-2 px-4 text-ui pointer-coarse:min-h-11",
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  size?: Size;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words. The one action of a place is `primary`. */
export function Button({
  kind = "quiet",
  size = "medium",
  className,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-full font-medium",
        "transition-colors duration-150 disabled:pointer-events-none disabled:opacity-45",
        KINDS[kind],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  );
}
