import { keyName } from "@/shell/shortcuts";
import { cx } from "./cx";

/** Keys, as they are called on this machine. */
export function Kbd({ keys, className }: { keys: readonly string[]; className?: string }) {
  return (
    <span className={cx("inline-flex gap-0.5", className)}>
      {keys.map((key) => (
        <kbd
          key={key}
          className="inline-grid min-w-5 place-items-center rounded-tick border border-line px-1 font-sans text-tiny text-soft"
        >
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}
