import { useTranslations } from "use-intl";
import { CommandGroup } from "./CommandGroup";
import { BEGINNINGS, type Page, useCommands } from "./commands";
import { Found } from "./Found";
import type { Finding } from "./finding";
import { Recent } from "./Recent";

interface ContentsProps {
  words: string;
  found: Finding;
  onPage(page: Page): void;
  onDone(): void;
}

/** What is offered: without words the likeliest, with them what fits. */
export function Contents({ words, found, onPage, onDone }: ContentsProps) {
  const t = useTranslations("palette");
  const commands = useCommands(words, onPage, onDone);
  if (words.trim() !== "") {
    return (
      <>
        <CommandGroup heading={t("actions")} commands={commands} />
        <Found words={words.trim()} found={found} onDone={onDone} />
      </>
    );
  }
  const first = commands.filter(({ name }) => BEGINNINGS.includes(name));
  const others = commands.filter(({ name }) => !BEGINNINGS.includes(name));
  return (
    <>
      <CommandGroup heading={t("begin")} commands={first} />
      <Recent onDone={onDone} />
      <CommandGroup heading={t("actions")} commands={others} />
    </>
  );
}
