import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { useReady } from "@/api/queries";
import { useLayers } from "@/shell/layers";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Mark } from "@/ui/Mark";
import { Outside } from "./Keys";
import { Card } from "./Parts";

const PARTS = ["postgres", "memory", "model"] as const;
/** Those that not every deployment has. */
const MORE = ["redis", "embedder", "reranker", "rewriting"] as const;
const DOTS = { ok: "bg-matcha", degraded: "bg-mocha", down: "bg-clay" } as const;

/** What the service calls its commit where it was not told. */
const UNKNOWN = "unknown";

/** What this is, and how it is. */
export function About() {
  const t = useTranslations("settings.about");
  const show = useLayers((state) => state.show);
  const { data: health } = useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => take(api.GET("/health", { signal })),
    staleTime: 60_000,
  });
  const { data: ready } = useReady();
  return (
    <>
      <Card>
        <div className="flex items-center gap-3.5">
          <Mark size={36} />
          <div className="min-w-0">
            <p className="font-semibold">Memocha {health?.version}</p>
            {health && health.commit !== UNKNOWN && (
              <p className="break-all font-mono text-faint text-tiny">{health.commit}</p>
            )}
          </div>
        </div>
        <p className="text-soft">{t("text")}</p>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-small">
          <Button size="small" onClick={() => show("shortcuts")}>
            {t("shortcuts")}
          </Button>
          <Outside href="/docs">{t("docs")}</Outside>
          <span className="text-soft">{t("licence")}</span>
        </div>
      </Card>
      <Card title={t("state")}>
        <ul className="flex flex-col gap-3">
          {PARTS.map((name) => (
            <Part key={name} name={name} told={ready?.dependencies[name]} />
          ))}
          {MORE.map((name) => {
            const told = ready?.dependencies[name];
            return told && <Part key={name} name={name} told={told} />;
          })}
        </ul>
      </Card>
    </>
  );
}

type Told = NonNullable<ReturnType<typeof useReady>["data"]>["dependencies"][string];

function Part({ name, told }: { name: (typeof PARTS | typeof MORE)[number]; told: Told | undefined }) {
  const t = useTranslations("settings.about");
  return (
    <li className="flex items-start gap-3">
      <span
        aria-hidden="true"
        className={cx("mt-2 size-2 shrink-0 rounded-full", told ? DOTS[told.state] : "bg-line")}
      />
      <div className="min-w-0 flex-1">
        <p>
          {t(`parts.${name}`)}
          <span className="text-soft"> · {told ? t(`states.${told.state}`) : t("states.unknown")}</span>
        </p>
        {told?.detail && <p className="text-small text-soft">{told.detail}</p>}
      </div>
    </li>
  );
}
