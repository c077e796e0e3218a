import { Eye, EyeOff } from "lucide-react";
import { type InputHTMLAttributes, type Ref, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { cx } from "@/ui/cx";
import { FIELD } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";

interface PasswordFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "className" | "autoComplete"> {
  label: string;
  autoComplete: "current-password" | "new-password";
  hint?: string;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}

/** A field for a password, which can be shown. */
export function PasswordField({ label, hint, error, ...rest }: PasswordFieldProps) {
  const t = useTranslations("account");
  const id = useId();
  const [shown, show] = useState(false);
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-ui">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={shown ? "text" : "password"}
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={!!error}
          aria-describedby={`${id}-note`}
          className={cx(FIELD, "pe-12")}
          {...rest}
        />
        <IconButton
          label={shown ? t("hidePassword") : t("showPassword")}
          size="small"
          tipAlign="end"
          className="-translate-y-1/2 absolute end-1.5 top-1/2"
          onClick={() => show(!shown)}
        >
          {shown ? <EyeOff size={16} /> : <Eye size={16} />}
        </IconButton>
      </div>
      <p
        id={`${id}-note`}
        aria-live="polite"
        className={cx("text-small", error ? "text-clay" : "text-soft", !error && !hint && "sr-only")}
      >
        {error || hint}
      </p>
    </div>
  );
}
