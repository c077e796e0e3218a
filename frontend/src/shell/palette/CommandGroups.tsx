import {
  Archive,
  Brain,
  Download,
  Ghost,
  Keyboard,
  Languages,
  type LucideIcon,
  MessageSquareText,
  NotebookText,
  Settings,
  SquarePen,
  SunMoon,
} from "lucide-react";
import { useTranslations } from "use-intl";
import { COARSE, useMedia } from "@/shell/media";
import { Kbd } from "@/ui/Kbd";
import { type CommandName, type Page, useCommands } from "./commands";
import { Group, Item } from "./Item";

const ICONS: Record<CommandName, LucideIcon> = {
  new: SquarePen,
  temporary: Ghost,
  chatMemory: Brain,
  archive: Archive,
  memory: NotebookText,
  settings: Settings,
  theme: SunMoon,
  language: Languages,
  model: MessageSquareText,
  export: Download,
  shortcuts: Keyboard,
};

interface CommandGroupsProps {
  words: string;
  onPage(page: Page): void;
  onDone(): void;
}

/** What can be done. */
export function CommandGroups({ words, onPage, onDone }: CommandGroupsProps) {
  const t = useTranslations("palette");
  const coarse = useMedia(COARSE);
  const commands = useCommands(words, onPage, onDone);
  if (commands.length === 0) return null;
  return (
    <Group heading={t("actions")}>
      {commands.map(({ name, title, keys, run }) => {
        const Icon = ICONS[name];
        return (
          <Item
            key={name}
            value={`command ${name}`}
            icon={<Icon size={16} aria-hidden="true" />}
            end={keys && !coarse && <Kbd keys={keys} />}
            onSelect={run}
          >
            {title}
          </Item>
        );
      })}
    </Group>
  );
}
