import { type FormEvent, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ProblemError, useProblemText } from "@/api/problem";
import { previewOf } from "@/api/queries";
import type { Me, Retention, RetentionPreview } from "@/api/types";
import { announce } from "@/shell/announce";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { ConfirmLimits } from "./ConfirmLimits";
import { readLimit, stays } from "./limits";
import { changeMe } from "./me";
import { Card } from "./Parts";

const MOST_MEMORIES = 10_000_000;
const MOST_DAYS = 36_500;

/** Limits of one's own, with what they would mean before they are set. */
export function Limits({ me, retention }: { me: Me; retention: Retention }) {
  const t = useTranslations("settings.memory");
  const settings = useTranslations("settings");
  const textOf = useProblemText();
  const format = useFormatter();
  const shown = (limit: number | null) => (limit === null ? "" : format.number(limit));
  const [count, writeCount] = useState(shown(me.retention.memories));
  const [age, writeAge] = useState(shown(me.retention.days));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const [asking, ask] = useState<RetentionPreview | null>(null);
  const memories = readLimit(count, MOST_MEMORIES);
  const days = readLimit(age, MOST_DAYS);
  const { everyone } = retention;
  const over = {
    memories: most(memories, everyone.memories),
    days: most(days, everyone.episode_days),
  };
  const right = memories !== "wrong" && days !== "wrong" && over.memories === null && over.days === null;
  const changed = memories !== me.retention.memories || days !== me.retention.days;

  async function set(confirmed: boolean): Promise<void> {
    if (!right || !changed) return;
    ask(null);
    setTrouble(null);
    try {
      const preview = confirmed ? null : await previewOf({ memories, days });
      if (preview?.memories) {
        ask(preview);
        return;
      }
      await changeMe({ retention: { memories, days } });
      setSaved(true);
      announce(settings("saved"));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setTrouble(error.problem.detail ?? textOf(error));
    }
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void set(false);
  }
  function wrong(limit: number | null | "wrong", beyond: number | null): string | null {
    if (limit === "wrong") return t("limitWrong");
    return beyond === null ? null : t("limitMost", { most: beyond });
  }
  function write(how: (text: string) => void, text: string): void {
    how(text);
    setSaved(false);
    setTrouble(null);
  }
  return (
    <Card title={t("limits")} text={t("limitsText")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={t("limitCount")}
            inputMode="numeric"
            autoComplete="off"
            placeholder={shown(everyone.memories) || t("noLimit")}
            value={count}
            error={wrong(memories, over.memories)}
            hint={
              memories === "wrong" ? null : (
                <CountMeans limit={memories} everyone={everyone.memories} retention={retention} />
              )
            }
            onChange={(event) => write(writeCount, event.target.value)}
          />
          <Field
            label={t("limitAge")}
            inputMode="numeric"
            autoComplete="off"
            placeholder={shown(everyone.episode_days) || t("noLimit")}
            value={age}
            error={wrong(days, over.days)}
            hint={days === "wrong" ? null : <AgeMeans limit={days} everyone={everyone.episode_days} />}
            onChange={(event) => write(writeAge, event.target.value)}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" kind="primary" disabled={!right || !changed}>
            {t("setLimits")}
          </Button>
          <p className={trouble ? "text-clay text-small" : "text-small text-soft"} role="status">
            {trouble ?? (saved ? t("limitsSet") : changed && right ? t("limitsWhen") : "")}
          </p>
        </div>
      </form>
      {asking && (
        <ConfirmLimits preview={asking} onConfirm={() => void set(true)} onCancel={() => ask(null)} />
      )}
    </Card>
  );
}

/** What is kept of everyone, where one's own limit is more than that; else null. */
function most(limit: number | null | "wrong", everyone: number | null): number | null {
  return everyone !== null && typeof limit === "number" && limit > everyone ? everyone : null;
}

interface MeansProps {
  limit: number | null;
  /** The limit that holds of everyone here; null: none. */
  everyone: number | null;
}

function CountMeans({ limit, everyone, retention }: MeansProps & { retention: Retention }) {
  const t = useTranslations("settings.memory");
  const { memories, pinned } = retention.usage;
  if (limit === null) return everyone === null ? t("countNone") : t("countAll", { limit: everyone });
  const over = Math.max(0, Math.min(memories - limit, memories - pinned));
  const means = over === 0 ? t("countFits", { count: memories }) : t("countOver", { over });
  return everyone === null ? means : `${means} ${t("countEveryone", { limit: everyone })}`;
}

function AgeMeans({ limit, everyone }: MeansProps) {
  const t = useTranslations("settings.memory");
  if (limit === null) return everyone === null ? t("ageNone") : t("ageAll", { limit: everyone });
  const means = t("ageMeans", stays(limit));
  return everyone === null ? means : `${means} ${t("ageEveryone", { limit: everyone })}`;
}
