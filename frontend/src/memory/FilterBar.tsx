import { ChevronDown, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { ChipButton } from "@/ui/Chip";
import { cx } from "@/ui/cx";
import { Menu, MenuChoice } from "@/ui/Menu";
import { useActive, useChatName } from "./active";
import { type Filters, SPANS, type Span } from "./filters";
import type { Kind } from "./kinds";
import { open } from "./opened";
import { SpanFields } from "./SpanFields";
import { TextButton } from "./TextButton";

const KINDS = [
  { kind: "fact", name: "facts" },
  { kind: "episode", name: "moments" },
  { kind: "digest", name: "days" },
] as const satisfies { kind: Kind; name: string }[];
const MARKS = ["pinned", "paused", "changed"] as const;
const NAMES = { pinned: "filterPinned", paused: "filterPaused", changed: "filterChanged" } as const;

interface FilterBarProps {
  filters: Filters;
  onFilter(change: Partial<Filters>): void;
  /** Take all of them away. */
  onClear(): void;
}

const ALL = "memory-filter-all";

/** Have the focus on the first of the filters, where what had it is gone. */
export function focusFilters(): void {
  document.getElementById(ALL)?.focus();
}

/** Which of the memories are shown. */
export function FilterBar({ filters, onFilter, onClear }: FilterBarProps) {
  const t = useTranslations("memory");
  const active = useActive(filters);
  return (
    <div className="flex flex-col gap-2.5">
      {/* Where fingers push them aside they are one row: three would be half of what a phone shows. */}
      <div
        className={cx(
          "flex flex-wrap items-center gap-1.5",
          "max-md:pointer-coarse:-mx-4 max-md:pointer-coarse:-my-1 max-md:pointer-coarse:flex-nowrap max-md:pointer-coarse:overflow-x-auto max-md:pointer-coarse:px-4 max-md:pointer-coarse:py-1 max-md:pointer-coarse:[&_button]:shrink-0 max-md:pointer-coarse:[scrollbar-width:none]",
        )}
      >
        <fieldset className="contents">
          <legend className="sr-only">{t("filters")}</legend>
          <ChipButton id={ALL} aria-pressed={filters.kind === null} onClick={() => onFilter(ofKind(null))}>
            {t("filterAll")}
          </ChipButton>
          {KINDS.map(({ kind, name }) => (
            <ChipButton
              key={kind}
              aria-pressed={filters.kind === kind}
              onClick={() => onFilter(ofKind(filters.kind === kind ? null : kind))}
            >
              {t(name)}
            </ChipButton>
          ))}
          <span aria-hidden="true" className="mx-1 h-4 w-px shrink-0 bg-line" />
          {MARKS.map((mark) => (
            <ChipButton
              key={mark}
              aria-pressed={filters[mark]}
              disabled={mark === "changed" && !canChange(filters.kind)}
              onClick={() => onFilter({ [mark]: !filters[mark] })}
            >
              {t(NAMES[mark])}
            </ChipButton>
          ))}
        </fieldset>
        <div className="flex gap-1.5 md:ms-auto md:min-w-0 md:flex-wrap">
          <SpanMenu span={filters.span} onChange={(span) => onFilter({ span, from: "", to: "" })} />
          <ChatChip session={filters.session} onClear={() => onFilter({ session: null })} />
        </div>
      </div>
      {filters.span === "custom" && <SpanFields filters={filters} onFilter={onFilter} />}
      {active.length > 0 && (
        <p className="flex animate-fade-in flex-wrap items-center gap-x-3 text-small text-soft">
          <span role="status" className="min-w-0 break-words">
            {t("only", { filters: active.map(({ name }) => name).join(" · ") })}
          </span>
          <TextButton onClick={onClear}>{t("clearFilters")}</TextButton>
        </p>
      )}
    </div>
  );
}

/** With another kind, less what cannot be of it. */
function ofKind(kind: Kind | null): Partial<Filters> {
  return canChange(kind) ? { kind } : { kind, changed: false };
}

/** Whether there is any of the kind that has changed: only of facts there is. */
function canChange(kind: Kind | null): boolean {
  return kind === null || kind === "fact";
}

function SpanMenu({ span, onChange }: { span: Span | null; onChange(span: Span | null): void }) {
  const t = useTranslations("memory");
  const options = (["any", ...SPANS, "custom"] as const).map((value) => ({
    value,
    label: t(`spans.${value}`),
  }));
  return (
    <Menu
      trigger={
        <ChipButton aria-pressed={span !== null}>
          {t(`spans.${span ?? "any"}`)}
          <ChevronDown size={14} aria-hidden="true" />
        </ChipButton>
      }
    >
      <MenuChoice
        value={span ?? "any"}
        options={options}
        onChange={(value) => onChange(value === "any" ? null : value)}
      />
    </Menu>
  );
}

function ChatChip({ session, onClear }: { session: string | null; onClear(): void }) {
  const t = useTranslations("memory");
  const title = useChatName(session);
  if (session === null) {
    return (
      <ChipButton aria-haspopup="dialog" onClick={() => open({ name: "chats" })}>
        {t("anyChat")}
        <ChevronDown size={14} aria-hidden="true" />
      </ChipButton>
    );
  }
  return (
    <ChipButton
      aria-pressed
      aria-label={t("chatClear", { title })}
      className="min-w-0 max-w-60"
      onClick={onClear}
    >
      <span className="truncate">{title}</span>
      <X size={14} aria-hidden="true" className="shrink-0" />
    </ChipButton>
  );
}
