import { Command } from "cmdk";
import type { ReactNode } from "react";

interface ItemProps {
  /** Tells it from all others. */
  value: string;
  icon: ReactNode;
  children: ReactNode;
  /** What stands at the end of the line. */
  end?: ReactNode;
  onSelect(): void;
}

/** A line of the palette. */
export function Item({ value, icon, children, end, onSelect }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-10 cursor-pointer select-none items-center gap-3 rounded-row px-2.5 py-1.5 data-[selected=true]:bg-hover pointer-coarse:min-h-11"
    >
      <span className="shrink-0 text-soft">{icon}</span>
      <span className="min-w-0 flex-1">{children}</span>
      {end && <span className="shrink-0 text-small text-soft">{end}</span>}
    </Command.Item>
  );
}

/** Lines that belong together. */
export function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="pb-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-1.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-tiny"
    >
      {children}
    </Command.Group>
  );
}
