import { useTranslations } from "use-intl";
import type { MemoryDetail, Source } from "@/api/types";
import { useChatOf } from "./chat-of";
import { TextButton } from "./TextButton";
import { useWhen } from "./when";

interface SourcesProps {
  memory: MemoryDetail;
  onOpen(source: Source): void;
}

/** The messages that a memory came from, each to be opened where it was said. */
export function Sources({ memory, onOpen }: SourcesProps) {
  const t = useTranslations("memory");
  const when = useWhen();
  const chatOf = useChatOf();
  const { sources } = memory;
  return (
    <section>
      <h3 className="mb-2 text-small text-soft">{t("sourcesTitle")}</h3>
      {sources.length === 0 && (
        <p className="text-soft">{memory.kind === "fact" ? t("sourceNoneFact") : t("sourceGone")}</p>
      )}
      <ol className="flex flex-col gap-2">
        {sources.map((source) => (
          <li key={source.message_id} className="rounded-card border border-line bg-card px-3.5 py-2.5">
            {source.quote && (
              <blockquote dir="auto" className="whitespace-pre-line break-words">
                {t("quoted", { text: source.quote })}
              </blockquote>
            )}
            <div className="tabular flex flex-wrap items-center justify-between gap-x-3 text-small text-soft">
              <span className="min-w-0 break-words">
                {[source.session_id === memory.session_id && chatOf(memory), when.exactly(source.created_at)]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              <TextButton onClick={() => onOpen(source)}>{t("openMessage")}</TextButton>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
