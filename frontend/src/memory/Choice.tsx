import { cx } from "@/ui/cx";

interface ChoiceProps {
  name: string;
  checked: boolean;
  title: string;
  text: string;
  onChosen(): void;
}

/** One of several, each with what it means. */
export function Choice({ name, checked, title, text, onChosen }: ChoiceProps) {
  return (
    <label
      className={cx(
        "flex cursor-pointer gap-3 rounded-card border px-3.5 py-3 transition-colors duration-150 has-focus-visible:outline-2 has-focus-visible:outline-mocha",
        checked ? "border-mocha bg-card" : "border-line hover:border-edge",
      )}
    >
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChosen}
        className="mt-1 size-4 shrink-0 accent-mocha outline-none"
      />
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="block text-small text-soft">{text}</span>
      </span>
    </label>
  );
}
