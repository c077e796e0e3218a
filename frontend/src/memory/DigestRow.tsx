import { Pin } from "lucide-react";
import { memo, useId } from "react";
import { useTranslations } from "use-intl";
import type { ListedMemory } from "@/api/types";
import { cx } from "@/ui/cx";
import { CardMenu } from "./CardMenu";
import { SelectBox } from "./SelectBox";
import { useSelecting } from "./selection";
import { useCard } from "./useCard";
import { Words } from "./Words";

/** What a day was about: the sentence at its head. */
export const DigestRow = memo(function DigestRow({
  memory,
  first,
}: {
  memory: ListedMemory;
  first: boolean;
}) {
  const t = useTranslations("memory");
  const id = useId();
  const card = useCard(memory, first);
  const selecting = useSelecting();
  const paused = memory.state === "paused";
  return (
    <article
      aria-labelledby={id}
      {...card.card}
      className={cx(
        "group/card relative flex -mx-2 scroll-mb-24 scroll-mt-4 rounded-row px-2 transition-colors duration-150",
        card.selected ? "bg-crema text-crema-ink" : paused ? "text-faint" : "text-soft",
      )}
    >
      <div className="min-w-0 flex-1">
        <Words
          memory={memory}
          id={id}
          wide
          tabIndex={card.tabIndex}
          className={selecting ? "pe-20" : "pe-9 md:pe-20"}
        />
        {(memory.pinned || paused) && (
          <p className="flex items-center gap-1.5 text-small">
            {memory.pinned && <Pin size={13} className="fill-current text-mocha" aria-hidden="true" />}
            {[memory.pinned && t("pinned"), paused && t("pausedNote")].filter(Boolean).join(" · ")}
          </p>
        )}
      </div>
      <div className="absolute end-2 -top-0.5 flex items-center gap-2.5">
        <SelectBox
          checked={card.selected}
          label={t("selectDigest")}
          tabIndex={card.tabIndex}
          onToggle={card.select}
          className={cx(
            !selecting &&
              "opacity-0 focus-visible:opacity-100 group-focus-within/card:opacity-100 group-hover/card:opacity-100",
          )}
        />
        <CardMenu memory={memory} card={card} />
      </div>
    </article>
  );
});
