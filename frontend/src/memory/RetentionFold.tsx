import { useFormatter, useTranslations } from "use-intl";
import { usePreview, useRetention } from "@/api/queries";
import type { Retention } from "@/api/types";
import { Link } from "@/shell/router";
import { Meter } from "@/ui/Meter";
import { Skeleton } from "@/ui/Skeleton";
import type { RetentionRun } from "./kinds";
import { LeavingList } from "./LeavingList";
import { Trouble } from "./Trouble";
import { useWhen } from "./when";

const MIB = 1_048_576;
const REASONS = ["age", "count", "size"] as const;

/** How much is kept, of how much, and what left lately. */
export function RetentionFold({ id }: { id: string }) {
  const { data, error, refetch } = useRetention();
  return (
    <section id={id} className="animate-fade-in rounded-card border border-line bg-shelf p-4.5 text-small">
      {data ? (
        <Told retention={data} />
      ) : error ? (
        <Trouble error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-20" />
      )}
    </section>
  );
}

function Told({ retention: { policy, usage, runs, holds_from } }: { retention: Retention }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const kinds = usage.kinds;
  const limits = useLimits(policy);
  return (
    <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
      <div className="flex flex-col gap-2">
        <h2 className="text-ui">{t("keptTitle")}</h2>
        {policy.memories !== null && (
          <Meter
            value={usage.memories / policy.memories}
            label={t("keptOf", { count: usage.memories, limit: policy.memories })}
          />
        )}
        <p className="tabular text-soft">
          {t("keptKinds", { facts: kinds.fact ?? 0, moments: kinds.episode ?? 0, days: kinds.digest ?? 0 })}
          {usage.oldest && ` ${t("keptOldest", { when: when.about(usage.oldest) })}`}
        </p>
        {limits.length === 0 ? (
          <p className="text-soft">{t("limitNone")}</p>
        ) : (
          <ul className="flex list-disc flex-col gap-0.5 ps-4 text-soft marker:text-edge">
            {limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        )}
        {holds_from && <p className="text-soft">{t("limitFrom", { when: when.day(holds_from) })}</p>}
        <Link
          to="/settings"
          className="self-start font-semibold text-mocha underline-offset-4 hover:underline"
        >
          {t("limitChange")}
        </Link>
      </div>
      <div className="flex flex-col gap-2">
        {limits.length > 0 && <Next />}
        <h2 className="text-ui">{t("leftTitle")}</h2>
        {runs.length === 0 ? (
          <p className="text-soft">{t("leftNone")}</p>
        ) : (
          <ol className="flex max-h-44 flex-col gap-1.5 overflow-y-auto">
            {runs.map((run) => (
              <LeftRun key={run.at} run={run} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

/** What leaves next, told before it does: there is time to pin it. */
function Next() {
  const t = useTranslations("memory");
  const when = useWhen();
  const { data } = usePreview();
  if (!data) return <Skeleton className="h-10" />;
  return (
    <div className="mb-2 flex flex-col gap-1.5">
      <h2 className="text-ui">{t("nextTitle")}</h2>
      {data.at === null ? (
        <p className="text-soft">{t("nextNone")}</p>
      ) : (
        <>
          <p className="tabular text-soft">
            {data.memories === 0
              ? t("nextOne", { when: when.day(data.at) })
              : t("nextMany", { count: data.memories, when: when.exactly(data.at) })}
          </p>
          <LeavingList preview={data} most={3} />
        </>
      )}
    </div>
  );
}

function LeftRun({ run }: { run: RetentionRun }) {
  const t = useTranslations("memory");
  const when = useWhen();
  const reasons = REASONS.filter((reason) => (run.reasons[reason] ?? 0) > 0).map((reason) =>
    t(`reasons.${reason}`),
  );
  return (
    <li className="tabular flex gap-3 text-soft">
      <span className="w-16 shrink-0 text-faint">{when.day(run.at)}</span>
      <span>
        {t("leftKinds", {
          facts: run.kinds.fact ?? 0,
          moments: run.kinds.episode ?? 0,
          days: run.kinds.digest ?? 0,
        })}
        {reasons.length > 0 && ` (${reasons.join(", ")})`}
      </span>
    </li>
  );
}

/** The limits that hold, each in a sentence. */
function useLimits(policy: Retention["policy"]): string[] {
  const t = useTranslations("memory");
  const format = useFormatter();
  const { memories, bytes, episode_days, digest_days, fact_days } = policy;
  return [
    memories !== null && t("limitCount", { limit: memories }),
    bytes !== null && t("limitSize", { size: format.number(bytes / MIB, { maximumFractionDigits: 1 }) }),
    episode_days !== null &&
      t("limitAge", {
        moments: episode_days,
        days: digest_days ?? episode_days,
        facts: fact_days ?? episode_days,
      }),
  ].filter((limit): limit is string => limit !== false);
}
