import { Brain, Ghost } from "lucide-react";
import { useTranslations } from "use-intl";
import { navigate } from "@/shell/router";
import { ChipButton } from "@/ui/Chip";
import type { Beginning } from "./options";

interface BeginningChipsProps {
  options: Beginning;
  /** Memory is off in settings. */
  off: boolean;
  onOptions(options: Beginning): void;
}

/** What is chosen for a chat before its first message: whether it remembers, and whether it is kept at all. */
export function BeginningChips({ options, off, onOptions }: BeginningChipsProps) {
  const t = useTranslations("conversation");
  return (
    <>
      <ChipButton
        aria-pressed={!off && options.memory && !options.temporary}
        disabled={options.temporary}
        onClick={() =>
          off ? navigate("/settings#memory") : onOptions({ ...options, memory: !options.memory })
        }
      >
        <Brain size={14} aria-hidden="true" />
        {off ? t("memoryOffEverywhere") : t("memory")}
      </ChipButton>
      <ChipButton
        aria-pressed={options.temporary}
        className="aria-pressed:border-edge! aria-pressed:border-dashed aria-pressed:bg-transparent! aria-pressed:text-ink!"
        onClick={() => onOptions({ ...options, temporary: !options.temporary })}
      >
        <Ghost size={14} aria-hidden="true" />
        {t("temporary")}
      </ChipButton>
    </>
  );
}
