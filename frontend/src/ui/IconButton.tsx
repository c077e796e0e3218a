import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "./cx";

interface Look {
  /** What it does, in words: its name and its tooltip. */
  label: string;
  size?: "small" | "medium";
  tipSide?: "top" | "bottom";
  tipAlign?: "center" | "end";
  className?: string;
}

export interface IconButtonProps extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> {
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon alone. */
export function IconButton({
  label,
  size,
  tipSide,
  tipAlign,
  className,
  type = "button",
  children,
  ...rest
}: IconButtonProps) {
  return (
    <button type={type} {...iconLook({ label, size, tipSide, tipAlign, className })} {...rest}>
      {children}
    </button>
  );
}

/** What makes a button or a link look so: its name, its tooltip and its shape. */
export function iconLook({ label, size = "medium", tipSide = "top", tipAlign = "center", className }: Look) {
  return {
    "aria-label": label,
    "data-tip": label,
    "data-tip-side": tipSide,
    "data-tip-align": tipAlign,
    className: cx(
      "tip inline-grid shrink-0 place-items-center rounded-row text-soft transition-colors duration-150",
      "hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40",
      size === "small" ? "size-7 pointer-coarse:size-9" : "size-9 pointer-coarse:size-11",
      className,
    ),
  };
}
