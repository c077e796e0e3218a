import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl";
import { cx } from "./cx";
import { IconButton } from "./IconButton";
import { Modal } from "./Modal";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** One line under the title. */
  description?: ReactNode;
  /** The buttons at the end. */
  actions?: ReactNode;
  children?: ReactNode;
  wide?: boolean;
}

/** Something that has to be dealt with before one goes on. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  actions,
  children,
  wide = false,
}: DialogProps) {
  const t = useTranslations("common");
  const id = useId();
  if (!open) return null;
  return (
    <Modal
      onClose={() => onOpenChange(false)}
      labelledBy={id}
      className={cx(
        "m-auto w-[calc(100%-2rem)] animate-rise rounded-shell border border-line bg-paper shadow-float",
        wide ? "max-w-2xl" : "max-w-md",
      )}
    >
      <div className="max-h-[calc(100dvh-3rem)] overflow-y-auto p-5">
        <header className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <h2 id={id} className="text-[1.0625rem] leading-[1.4]">
              {title}
            </h2>
            {description && <p className="wrap-anywhere mt-1 text-soft">{description}</p>}
          </div>
          <IconButton
            label={t("close")}
            tipAlign="end"
            tipSide="bottom"
            className="-me-1.5 -mt-1.5"
            onClick={() => onOpenChange(false)}
          >
            <X size={18} />
          </IconButton>
        </header>
        {children && <div className="mt-4">{children}</div>}
        {actions && <footer className="mt-5 flex flex-wrap justify-end gap-2">{actions}</footer>}
      </div>
    </Modal>
  );
}
