import type { ButtonHTMLAttributes, HTMLAttributes, Ref } from "react";
import { cx } from "./cx";

type Kind = "plain" | "memory" | "learned";

const KINDS: Record<Kind, string> = {
  plain: "border border-line text-soft",
  memory: "border border-transparent bg-crema font-semibold text-crema-ink",
  learned: "border border-dashed border-edge text-soft",
};
const SHAPE =
  "inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full px-2.5 py-0.5 text-small tabular";

/** A small statement: a state, a count. Crema is for memory alone. */
export function Chip({
  kind = "plain",
  className,
  ...rest
}: HTMLAttributes<HTMLSpanElement> & { kind?: Kind }) {
  return <span className={cx(SHAPE, KINDS[kind], className)} {...rest} />;
}

type ChipButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: Kind;
  ref?: Ref<HTMLButtonElement>;
};

/** A chip that does something. Where it stands for something on or off, give `aria-pressed`. */
export function ChipButton({ kind = "plain", className, type = "button", ...rest }: ChipButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        SHAPE,
        KINDS[kind],
        "select-none pointer-coarse:min-h-9 pointer-coarse:px-3 transition-colors duration-150 disabled:pointer-events-none disabled:opacity-45",
        kind === "memory" ? "hover:bg-crema-strong" : "hover:bg-hover hover:text-ink",
        "aria-pressed:border-transparent aria-pressed:bg-crema aria-pressed:font-medium aria-pressed:text-crema-ink",
        className,
      )}
      {...rest}
    />
  );
}
