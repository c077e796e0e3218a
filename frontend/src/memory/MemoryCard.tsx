import { memo, useId } from "react";
import { useTranslations } from "use-intl";
import type { ListedMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { CardMenu } from "./CardMenu";
import { EditWords } from "./EditWords";
import { Meta } from "./Meta";
import { SelectBox } from "./SelectBox";
import { useCard } from "./useCard";
import { Words } from "./Words";

interface MemoryCardProps {
  memory: ListedMemory;
  first?: boolean;
  /** It has the whole width. */
  wide?: boolean;
  /** It was found by a search: its day and its strength are told. */
  found?: boolean;
}

/** One thing remembered. */
export const MemoryCard = memo(function MemoryCard({
  memory,
  first = false,
  wide = false,
  found = false,
}: MemoryCardProps) {
  const t = useTranslations("memory");
  const id = useId();
  const card = useCard(memory, first);
  const paused = memory.state === "paused";
  return (
    <article
      aria-labelledby={id}
      {...card.card}
      className={cx(
        "group/card relative flex h-full scroll-mb-24 scroll-mt-4 gap-3 rounded-card border p-3.5 transition-[border-color,box-shadow] duration-150",
        card.selected ? "border-mocha ring-3 ring-crema" : "border-line hover:border-edge",
        paused && !card.selected ? "bg-transparent text-faint" : "bg-card",
      )}
    >
      <SelectBox
        checked={card.selected}
        label={t("select")}
        tabIndex={card.tabIndex}
        onToggle={card.select}
        className="-mt-1.5"
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        {card.editing ? (
          <EditWords
            text={memory.text}
            onSave={(text) => card.actions.edit(memory.id, text)}
            onClose={card.stopEditing}
          />
        ) : (
          <>
            <Words memory={memory} id={id} wide={wide} tabIndex={card.tabIndex} className="pe-6" />
            <Meta memory={memory} found={found} tabIndex={card.tabIndex} />
          </>
        )}
      </div>
      {!card.editing && <CardMenu memory={memory} card={card} className="absolute end-2 top-2" />}
    </article>
  );
});
