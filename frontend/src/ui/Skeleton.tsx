import { cx } from "./cx";

/** The place of something that is coming. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx("animate-breathe rounded-tick bg-line", className)} />;
}
