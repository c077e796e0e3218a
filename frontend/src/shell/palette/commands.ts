import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { useModels, useSession } from "@/api/queries";
import type { Session } from "@/api/types";
import { beginTemporary } from "@/conversation/options";
import { open } from "@/memory/opened";
import { downloadExport } from "@/memory/transfer/exporting";
import { useSessionActions } from "@/sessions/actions";
import { useLayers } from "@/shell/layers";
import { useMedia, WIDE } from "@/shell/media";
import { navigate, useRoute } from "@/shell/router";
import { SHORTCUTS } from "@/shell/shortcut-list";
import { useSidebar } from "@/shell/sidebar-state";
import { toast } from "@/ui/Toast";

/** What has a page of its own in the palette: one of several is chosen there. */
export type Page = "theme" | "language" | "model";

export const COMMANDS = [
  "new",
  "temporary",
  "chatMemory",
  "archive",
  "delete",
  "memory",
  "add",
  "settings",
  "theme",
  "language",
  "model",
  "sidebar",
  "export",
  "import",
  "clear",
  "shortcuts",
] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Deed {
  name: CommandName;
  title: string;
  keys: readonly string[] | null;
  run(): void;
}

/** What stands first while nothing is searched for. */
export const BEGINNINGS: readonly CommandName[] = ["new", "temporary"];

/** What can be done now, as far as it fits the words. `onDone`: the palette closes. */
export function useCommands(words: string, onPage: (page: Page) => void, onDone: () => void): Deed[] {
  const t = useTranslations("palette");
  const textOf = useProblemText();
  const route = useRoute();
  const { data: session } = useSession(route.name === "chat" ? route.sessionId : null);
  const { data: models } = useModels();
  const { toggleMemory, archive, remove } = useSessionActions();
  const wide = useMedia(WIDE);
  const show = useLayers((state) => state.show);
  const chat = session && !session.temporary ? session : null;

  async function save(): Promise<void> {
    try {
      await downloadExport();
    } catch (error) {
      toast({ text: textOf(asProblem(error)), tone: "trouble" });
    }
  }
  const deeds: Record<CommandName, (() => void) | null> = {
    new: () => navigate("/"),
    temporary: () => {
      beginTemporary();
      navigate("/");
    },
    chatMemory: chat && (() => toggleMemory(chat)),
    archive: chat && (() => archive(chat)),
    delete: chat && (() => remove(chat)),
    memory: () => navigate("/memory"),
    add: () => overMemory("add"),
    settings: () => navigate("/settings"),
    theme: () => onPage("theme"),
    language: () => onPage("language"),
    model: (models?.items.length ?? 0) > 1 ? () => onPage("model") : null,
    sidebar: wide ? () => useSidebar.getState().toggle() : null,
    export: () => void save(),
    import: () => overMemory("import"),
    clear: () => overMemory("clear"),
    shortcuts: () => show("shortcuts"),
  };
  // Those stay open, or have opened something else in the palette's place.
  const stays = new Set<CommandName>(["theme", "language", "model", "shortcuts"]);
  return COMMANDS.flatMap((name): Deed[] => {
    const act = deeds[name];
    if (act === null) return [];
    const title = t(`commands.${titleOf(name, chat)}`);
    if (!fits(words, `${title} ${t(`also.${name}`)}`)) return [];
    return [
      {
        name,
        title,
        keys: SHORTCUTS.find((shortcut) => shortcut.name === name)?.keys ?? null,
        run() {
          if (!stays.has(name)) onDone();
          act();
        },
      },
    ];
  });
}

/** Something that lies over the memory page. Whatever lay over another page goes with that first. */
function overMemory(name: "add" | "import" | "clear"): void {
  navigate("/memory");
  setTimeout(() => open({ name }));
}

function titleOf(name: CommandName, chat: Session | null) {
  if (name === "chatMemory") return chat?.memory_enabled ? "chatMemoryOff" : "chatMemoryOn";
  if (name === "archive") return chat?.archived ? "unarchive" : "archive";
  return name;
}

/** Whether each of the words begins a word of the text, in upper or lower case; where words have no blanks, is in it. */
export function fits(words: string, text: string): boolean {
  const said = text.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .every((word) =>
      /^[\p{Script=Latin}\d]+$/u.test(word) ? ` ${said}`.includes(` ${word}`) : said.includes(word),
    );
}
