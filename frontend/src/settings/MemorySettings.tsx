import { useId } from "react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { useMe, useModels, useRetention } from "@/api/queries";
import { Dialogs } from "@/memory/Dialogs";
import { open } from "@/memory/opened";
import { downloadExport } from "@/memory/transfer/exporting";
import { ImportProgress } from "@/memory/transfer/ImportProgress";
import { Link } from "@/shell/router";
import { Button } from "@/ui/Button";
import { Meter } from "@/ui/Meter";
import { Skeleton } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";
import { toast } from "@/ui/Toast";
import { Limits } from "./Limits";
import { changeMe } from "./me";
import { Card, Row } from "./Parts";

/** Whether and how much is remembered, and how to take it away. */
export function MemorySettings() {
  const { data: me } = useMe();
  const { data: retention } = useRetention();
  return (
    <>
      <OnOff />
      <Kept />
      <NotDone />
      {me && retention ? (
        <Limits me={me} retention={retention} />
      ) : (
        <Skeleton className="h-56 rounded-card" />
      )}
      <ImportProgress />
      <Yours />
      <Dialogs />
    </>
  );
}

function OnOff() {
  const t = useTranslations("settings.memory");
  const textOf = useProblemText();
  const id = useId();
  const { data: me } = useMe();

  async function change(memory_enabled: boolean): Promise<void> {
    try {
      await changeMe({ memory_enabled });
    } catch (error) {
      toast({ text: `${t("notChanged")} ${textOf(asProblem(error))}`, tone: "trouble" });
    }
  }
  return (
    <Card>
      <Row id={id} title={t("all")} text={me?.memory_enabled === false ? t("allOff") : t("allOn")}>
        <Switch
          checked={me?.memory_enabled ?? true}
          labelledBy={id}
          describedBy={`${id}-text`}
          disabled={me === undefined}
          onChange={(on) => void change(on)}
        />
      </Row>
    </Card>
  );
}

function Kept() {
  const t = useTranslations("settings.memory");
  const { data } = useRetention();
  if (!data) return <Skeleton className="h-28 rounded-card" />;
  const { usage, policy } = data;
  const words = policy.memories
    ? t("keptOf", { count: usage.memories, limit: policy.memories })
    : t("keptOpen", { count: usage.memories });
  return (
    <Card>
      <div className="flex items-center gap-4">
        <div className="flex min-w-0 flex-1 flex-col gap-2">
          <p className="tabular font-medium">{words}</p>
          {policy.memories !== null && <Meter value={usage.memories / policy.memories} label={words} />}
          <p className="tabular text-small text-soft">
            {t("kinds", {
              facts: usage.kinds.fact ?? 0,
              moments: usage.kinds.episode ?? 0,
              days: usage.kinds.digest ?? 0,
              pinned: usage.pinned,
            })}
          </p>
        </div>
        <Link to="/memory" className="shrink-0 font-medium text-mocha underline-offset-4 hover:underline">
          {t("open")}
        </Link>
      </div>
    </Card>
  );
}

/** What this service does not do with what it is told, and what would change that. Nothing where it does all. */
function NotDone() {
  const t = useTranslations("settings.memory");
  const { data: me } = useMe();
  const { data: models } = useModels();
  if (!me || !models || me.service.facts) return null;
  const built = models.items.some((model) => model.default && model.local);
  return <p className="px-1 text-small text-soft">{t(built ? "factsBuiltIn" : "factsOff")}</p>;
}

function Yours() {
  const t = useTranslations("settings.memory");
  const memory = useTranslations("memory");
  const textOf = useProblemText();

  async function save(): Promise<void> {
    try {
      await downloadExport();
    } catch (error) {
      toast({ text: textOf(asProblem(error)), tone: "trouble" });
    }
  }
  return (
    <Card title={t("yours")} text={t("yoursText")}>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void save()}>{memory("exportLong")}</Button>
        <Button onClick={() => open({ name: "import" })}>{memory("importLong")}</Button>
        <Button kind="danger" onClick={() => open({ name: "clear" })}>
          {memory("clearAll")}
        </Button>
      </div>
    </Card>
  );
}
