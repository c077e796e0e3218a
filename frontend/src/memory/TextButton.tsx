import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "@/ui/cx";

type TextButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  quiet?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** A small action within words. */
export function TextButton({ quiet = false, className, type = "button", ...rest }: TextButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex min-h-6 select-none items-center gap-1 rounded-tick text-small transition-colors duration-150 pointer-coarse:min-h-9",
        "decoration-1 underline-offset-4 hover:underline disabled:pointer-events-none disabled:opacity-45",
        quiet ? "text-soft hover:text-ink" : "font-semibold text-mocha hover:text-mocha-strong",
        className,
      )}
      {...rest}
    />
  );
}
