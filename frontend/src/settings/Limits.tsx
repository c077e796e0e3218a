import { type FormEvent, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ProblemError, useProblemText } from "@/api/problem";
import type { Me, Retention } from "@/api/types";
import { announce } from "@/shell/announce";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
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
  const memories = readLimit(count, MOST_MEMORIES);
  const days = readLimit(age, MOST_DAYS);
  // What holds without a limit of one's own is only known while there is none.
  const general = {
    memories: me.retention.memories === null ? retention.policy.memories : null,
    days: me.retention.days === null ? retention.policy.episode_days : null,
  };
  const right = memories !== "wrong" && days !== "wrong";
  const changed = memories !== me.retention.memories || days !== me.retention.days;

  async function set(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!right || !changed) return;
    setTrouble(null);
    try {
      await changeMe({ retention: { memories, days } });
      setSaved(true);
      announce(settings("saved"));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setTrouble(error.problem.detail ?? textOf(error));
    }
  }
  function write(how: (text: string) => void, text: string): void {
    how(text);
    setSaved(false);
    setTrouble(null);
  }
  return (
    <Card title={t("limits")} text={t("limitsText")}>
      <form onSubmit={set} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={t("limitCount")}
            inputMode="numeric"
            autoComplete="off"
            placeholder={shown(general.memories) || t("noLimit")}
            value={count}
            error={memories === "wrong" ? t("limitWrong") : null}
            hint={
              right ? <CountMeans limit={memories} general={general.memories} retention={retention} /> : null
            }
            onChange={(event) => write(writeCount, event.target.value)}
          />
          <Field
            label={t("limitAge")}
            inputMode="numeric"
            autoComplete="off"
            placeholder={shown(general.days) || t("noLimit")}
            value={age}
            error={days === "wrong" ? t("limitWrong") : null}
            hint={right ? <AgeMeans limit={days} general={general.days} /> : null}
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
    </Card>
  );
}

interface MeansProps {
  limit: number | null;
  /** The limit that holds of everyone, where it is known. */
  general: number | null;
}

function CountMeans({ limit, general, retention }: MeansProps & { retention: Retention }) {
  const t = useTranslations("settings.memory");
  const { memories, pinned } = retention.usage;
  if (limit === null) return general === null ? t("countNone") : t("countAll", { limit: general });
  const over = Math.max(0, Math.min(memories - limit, memories - pinned));
  return over === 0 ? t("countFits", { count: memories }) : t("countOver", { over });
}

function AgeMeans({ limit, general }: MeansProps) {
  const t = useTranslations("settings.memory");
  if (limit === null) return general === null ? t("ageNone") : t("ageAll", { limit: general });
  return t("ageMeans", stays(limit));
}
