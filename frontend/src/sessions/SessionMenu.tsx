import { Archive, ArchiveRestore, Brain, Eraser, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import type { Session } from "@/api/types";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { useLayer } from "@/ui/Modal";
import { useSessionActions } from "./actions";

interface SessionMenuProps {
  session: Session;
  trigger: ReactNode;
  onRename(): void;
  /** It leaves the list it stands in. */
  onGoing(): void;
  onReset(): void;
}

/** What can be done with a session. It is loaded when it is opened first, so it begins open. */
export function SessionMenu({ session, trigger, onRename, onGoing, onReset }: SessionMenuProps) {
  const t = useTranslations("sessions");
  const { archive, toggleMemory, remove } = useSessionActions();
  // In a drawer it opens inwards: what sticks out of that is cut off.
  const align = useLayer() ? "end" : "start";
  const [open, setOpen] = useState(true);
  const away = (act: () => void) => () => {
    onGoing();
    act();
  };
  return (
    <Menu trigger={trigger} align={align} open={open} onOpenChange={setOpen}>
      <MenuItem icon={<Pencil size={16} />} onSelect={onRename}>
        {t("rename")}
      </MenuItem>
      <MenuItem icon={<Brain size={16} />} onSelect={() => toggleMemory(session)}>
        {session.memory_enabled ? t("turnMemoryOff") : t("turnMemoryOn")}
      </MenuItem>
      <MenuItem
        icon={session.archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
        onSelect={away(() => archive(session))}
      >
        {session.archived ? t("unarchive") : t("archive")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Eraser size={16} />} onSelect={onReset}>
        {t("reset")}
      </MenuItem>
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={away(() => remove(session))}>
        <span className="block">{t("delete")}</span>
        <span className="block text-small text-soft">{t("deleteWith")}</span>
      </MenuItem>
      <MenuItem
        icon={<Trash2 size={16} />}
        danger
        onSelect={away(() => remove(session, { keepMemories: true }))}
      >
        <span className="block">{t("deleteKeep")}</span>
        <span className="block text-small text-soft">{t("deleteKeepWith")}</span>
      </MenuItem>
    </Menu>
  );
}
