import { type ReactNode, useId } from "react";

interface OptionsProps<T extends string> {
  /** What is chosen here, for screen readers. */
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode; lang?: string }[];
  onChange(value: T): void;
}

/** A few choices side by side, one of which holds. */
export function Options<T extends string>({ label, value, options, onChange }: OptionsProps<T>) {
  const name = useId();
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          className="flex min-h-9 cursor-pointer items-center gap-2 rounded-full border border-line px-3.5 text-soft transition-colors duration-150 hover:border-edge hover:text-ink has-checked:border-mocha has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-mocha has-focus-visible:outline-offset-2 pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
