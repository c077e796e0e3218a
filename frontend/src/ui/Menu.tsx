import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { MAIN } from "@/shell/shortcuts";
import { cx } from "./cx";
import { useLayer } from "./Modal";

const ROW =
  "flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-row px-2.5 py-1 text-ui outline-none data-disabled:opacity-45 data-highlighted:bg-hover pointer-coarse:min-h-11";

interface MenuProps {
  /** The button; it must pass its props and ref on. */
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

/** Actions behind a button. Load it lazily where it is not needed for a first paint. */
export function Menu({ trigger, children, align = "end", side = "bottom", open, onOpenChange }: MenuProps) {
  const place = usePlace();
  return (
    // Not modal: what keeps the page from scrolling then is a style element, which the content policy refuses.
    <DropdownMenu.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={place}>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[min(420px,var(--radix-dropdown-menu-content-available-height))] min-w-44 max-w-80 animate-rise overflow-y-auto rounded-card border border-line bg-card p-1.5 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** In what lies on top, else in what the page is about: outside of all landmarks a screen reader would pass it by. */
function usePlace(): HTMLElement | null {
  const layer = useLayer();
  const [main, setMain] = useState(() => document.getElementById(MAIN));
  // Where both are drawn together, it is there only now.
  useEffect(() => setMain(document.getElementById(MAIN)), []);
  return layer ?? main;
}

interface MenuItemProps {
  icon?: ReactNode;
  children: ReactNode;
  onSelect(): void;
  danger?: boolean;
  disabled?: boolean;
}

export function MenuItem({ icon, children, onSelect, danger = false, disabled }: MenuItemProps) {
  return (
    <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className={cx(ROW, danger && "text-clay")}>
      {icon && <span className={danger ? "text-clay" : "text-soft"}>{icon}</span>}
      <span className="min-w-0 flex-1">{children}</span>
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  value: T;
  options: readonly { value: T; label: ReactNode; hint?: ReactNode }[];
  onChange(value: T): void;
}

/** One of several. */
export function MenuChoice<T extends string>({ value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(chosen) => onChange(chosen as T)}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={ROW}>
          <span className="min-w-0 flex-1">
            <span className="block truncate">{option.label}</span>
            {option.hint && <span className="tabular block text-small text-soft">{option.hint}</span>}
          </span>
          <DropdownMenu.ItemIndicator>
            <Check size={16} className="text-mocha" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
}
