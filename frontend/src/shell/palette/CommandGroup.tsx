import {
  Archive,
  Brain,
  Download,
  Eraser,
  Ghost,
  Keyboard,
  Languages,
  type LucideIcon,
  MessageSquareText,
  NotebookText,
  PanelLeft,
  Plus,
  Settings,
  SquarePen,
  SunMoon,
  Trash2,
  Upload,
} from "lucide-react";
import { COARSE, useMedia } from "@/shell/media";
import { Kbd } from "@/ui/Kbd";
import type { CommandName, Deed } from "./commands";
import { Group, Item } from "./Item";

const ICONS: Record<CommandName, LucideIcon> = {
  new: SquarePen,
  temporary: Ghost,
  chatMemory: Brain,
  archive: Archive,
  delete: Trash2,
  memory: NotebookText,
  add: Plus,
  settings: Settings,
  theme: SunMoon,
  language: Languages,
  model: MessageSquareText,
  sidebar: PanelLeft,
  export: Download,
  import: Upload,
  clear: Eraser,
  shortcuts: Keyboard,
};

interface CommandGroupProps {
  heading: string;
  commands: Deed[];
}

/** Things that can be done. */
export function CommandGroup({ heading, commands }: CommandGroupProps) {
  const coarse = useMedia(COARSE);
  if (commands.length === 0) return null;
  return (
    <Group heading={heading}>
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
