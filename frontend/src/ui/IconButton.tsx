import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "./cx";

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> {
  /** What it does, in words: its name and its tooltip. */
  label: string;
  children: ReactNode;
  size?: "small" | "medium";
  tipSide?: "top" | "bottom";
  tipAlign?: "center" | "end";
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon alone. */
export function IconButton({
  label,
  size = "medium",
  tipSide = "top",
  tipAlign = "center",
  className,
  type = "button",
  children,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      data-tip={label}
      data-tip-side={tipSide}
      data-tip-align={tipAlign}
      className={cx(
        "tip inline-grid shrink-0 place-items-center rounded-row text-soft transition-colors duration-150",
        "hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40",
        size === "small" ? "size-7 pointer-coarse:size-9" : "size-9 pointer-coarse:size-11",
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
