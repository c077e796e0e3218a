import type { ReactNode } from "react";
import { cx } from "@/ui/cx";

/** A card of settings that belong together. */
export function Card({ title, text, children }: { title?: string; text?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4 rounded-card border border-line bg-card p-4 md:p-5">
      {title && (
        <div>
          <h3 className="font-semibold text-ui">{title}</h3>
          {text && <p className="mt-0.5 text-small text-soft">{text}</p>}
        </div>
      )}
      {children}
    </section>
  );
}

interface RowProps {
  /** For the control: what names it, and what explains it. */
  id: string;
  title: string;
  text?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A setting with its control at the end of the line. */
export function Row({ id, title, text, children, className }: RowProps) {
  return (
    <div className={cx("flex items-center gap-4", className)}>
      <div className="min-w-0 flex-1">
        <p id={id} className="font-medium">
          {title}
        </p>
        {text && (
          <p id={`${id}-text`} className="text-small text-soft">
            {text}
          </p>
        )}
      </div>
      {children}
    </div>
  );
}
