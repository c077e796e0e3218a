import { Ellipsis, History, MessageSquareText, Pause, Pencil, Pin, PinOff, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Memory } from "@/api/types";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { editable, sourceOf } from "./kinds";
import { open } from "./opened";
import type { Card } from "./useCard";

interface CardMenuProps {
  memory: Memory;
  card: Card;
  className?: string;
}

/** What can be done with one memory. The menu itself is made when it is first wanted: a page has hundreds of them. */
export function CardMenu({ memory, card, className }: CardMenuProps) {
  const t = useTranslations("memory");
  const [wanted, setWanted] = useState(false);
  const [shown, setShown] = useState(false);
  const button = (
    <IconButton
      label={t("actions")}
      size="small"
      tipAlign="end"
      tipSide="bottom"
      tabIndex={card.tabIndex}
      aria-haspopup="menu"
      className={cx(
        "opacity-0 data-[state=open]:opacity-100 focus-visible:opacity-100 group-focus-within/card:opacity-100 group-hover/card:opacity-100 pointer-coarse:opacity-100",
        className,
      )}
      onClick={() => {
        setWanted(true);
        setShown(true);
      }}
    >
      <Ellipsis size={17} />
    </IconButton>
  );
  if (!wanted) return button;
  return (
    <Menu trigger={button} open={shown} onOpenChange={setShown}>
      <MenuItem
        icon={<MessageSquareText size={16} />}
        disabled={sourceOf(memory) === null}
        onSelect={() => card.actions.open(memory)}
      >
        {t("openMessage")}
      </MenuItem>
      {editable(memory) && (
        <MenuItem icon={<Pencil size={16} />} onSelect={card.edit}>
          {t("edit")}
        </MenuItem>
      )}
      <MenuItem
        icon={memory.pinned ? <PinOff size={16} /> : <Pin size={16} />}
        onSelect={() => card.actions.pin([memory])}
      >
        {memory.pinned ? t("unpin") : t("pin")}
      </MenuItem>
      <MenuItem
        icon={memory.state === "paused" ? <Play size={16} /> : <Pause size={16} />}
        onSelect={() => card.actions.pause([memory])}
      >
        {memory.state === "paused" ? t("resume") : t("pause")}
      </MenuItem>
      <MenuItem icon={<History size={16} />} onSelect={() => open({ name: "detail", id: memory.id })}>
        {t("details")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={card.forget}>
        {t("forget")}
      </MenuItem>
    </Menu>
  );
}
