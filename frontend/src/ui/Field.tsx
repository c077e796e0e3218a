import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { cx } from "./cx";

/** How every field looks that one types in. */
export const FIELD =
  "w-full rounded-card border border-line bg-card px-3.5 py-2 text-ui text-ink transition-colors duration-150 hover:border-edge focus-visible:border-mocha focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-clay";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  className?: string;
}

type InputProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldProps> & { ref?: Ref<HTMLInputElement> };

/** One line to type in, with its name, a hint and what is wrong. */
export function Field({ label, hint, error, className, ...rest }: InputProps) {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error} className={className}>
      <input id={id} className={FIELD} aria-invalid={!!error} aria-describedby={`${id}-note`} {...rest} />
    </Framed>
  );
}

type AreaProps = FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, keyof FieldProps> & { ref?: Ref<HTMLTextAreaElement> };

/** Several lines to type in. */
export function AreaField({ label, hint, error, className, rows = 4, ...rest }: AreaProps) {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error} className={className}>
      <textarea
        id={id}
        rows={rows}
        className={cx(FIELD, "field-sizing-content max-h-80 min-h-24 resize-none")}
        aria-invalid={!!error}
        aria-describedby={`${id}-note`}
        {...rest}
      />
    </Framed>
  );
}

function Framed({
  id,
  label,
  hint,
  error,
  className,
  children,
}: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={cx("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="font-medium text-ui">
        {label}
      </label>
      {children}
      <p id={`${id}-note`} className={cx("text-small empty:hidden", error ? "text-clay" : "text-soft")}>
        {error || hint}
      </p>
    </div>
  );
}
