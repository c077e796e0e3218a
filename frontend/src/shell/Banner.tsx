import { Brain, CloudOff, Hourglass, Replace, TriangleAlert, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { useProblemText } from "@/api/problem";
import { useModels, useReady } from "@/api/queries";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/IconButton";
import { Meter } from "@/ui/Meter";
import { type Trouble, troubleOf } from "./trouble";

const ICONS = {
  offline: CloudOff,
  unreachable: CloudOff,
  postgres: TriangleAlert,
  model: TriangleAlert,
  fallback: Replace,
  loading: Hourglass,
  memory: Brain,
  embedding: Brain,
};
/** Answers come all the same, so the line may be put away until something else is the matter. */
const HARMLESS: Trouble["kind"][] = ["memory", "embedding", "fallback"];
/** Milliseconds after which a model that is not there yet is not just loading. */
const LOADED = 180_000;
const GRAVE: Trouble["kind"][] = ["postgres", "unreachable"];

/** What does not work at the moment, and what that means. Nothing while all is well. */
export function Banner() {
  const trouble = useTrouble();
  const [dismissed, dismiss] = useState<Trouble["kind"] | null>(null);
  const kind = trouble?.kind ?? null;

  useEffect(() => {
    if (dismissed !== null && kind !== dismissed) dismiss(null);
  }, [kind, dismissed]);
  return (
    <div>
      {/* It stands before it has words, or they would not be read out. */}
      <div role="status" className="sr-only">
        {kind && <Words kind={kind} />}
      </div>
      {trouble && kind !== dismissed && <Line trouble={trouble} onDismiss={() => dismiss(trouble.kind)} />}
    </div>
  );
}

function Line({ trouble: { kind, progress, said }, onDismiss }: { trouble: Trouble; onDismiss(): void }) {
  const t = useTranslations("banner");
  const common = useTranslations("common");
  const told = useProblemText();
  const Icon = ICONS[kind];
  const grave = GRAVE.includes(kind);
  return (
    <div
      className={cx(
        "flex animate-fade-in items-start gap-3 border-line border-b py-2.5 ps-4 pe-3 text-small md:ps-5.5",
        grave ? "bg-clay-wash" : "bg-shelf",
      )}
    >
      <Icon
        size={16}
        aria-hidden="true"
        className={cx("mt-0.5 shrink-0", grave ? "text-clay" : "text-mocha")}
      />
      <div className="min-w-0 flex-1 text-soft">
        <p aria-hidden="true">
          <Words kind={kind} />
          {said && <span className="block text-faint">{told(said)}</span>}
        </p>
        {progress && (
          <div className="mt-1.5 flex max-w-sm items-center gap-3">
            <Meter
              value={progress.total ? progress.processed / progress.total : 0}
              label={t("progress", progress)}
            />
            <span className="tabular shrink-0 text-tiny">{t("progress", progress)}</span>
          </div>
        )}
      </div>
      {HARMLESS.includes(kind) && (
        <IconButton
          label={common("dismiss")}
          size="small"
          tipSide="bottom"
          tipAlign="end"
          className="-my-1"
          onClick={onDismiss}
        >
          <X size={15} />
        </IconButton>
      )}
    </div>
  );
}

function Words({ kind }: { kind: Trouble["kind"] }) {
  const t = useTranslations("banner");
  return (
    <>
      <strong className="font-semibold text-ink">{t(`${kind}Title`)}.</strong> {t(`${kind}Text`)}
    </>
  );
}

function useTrouble(): Trouble | null {
  const online = useOnline();
  const { data: ready, isError: failing } = useReady();
  const { data: models } = useModels();
  const [modelExpected, expect] = useState(false);
  const modelIsWell = ready?.dependencies.model?.state === "ok";

  useEffect(() => {
    if (modelIsWell) expect(true);
  }, [modelIsWell]);
  useEffect(() => {
    const timer = setTimeout(() => expect(true), LOADED);
    return () => clearTimeout(timer);
  }, []);
  return troubleOf({ online, failing, ready, local: models?.items[0]?.local ?? false, modelExpected });
}

function useOnline(): boolean {
  return useSyncExternalStore(
    follow,
    () => navigator.onLine,
    () => true,
  );
}

function follow(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
