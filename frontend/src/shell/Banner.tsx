import { CloudOff, TriangleAlert } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { useReady } from "@/api/queries";
import { cx } from "@/ui/cx";

type Trouble = "offline" | "unreachable" | "postgres" | "model" | "memory";

/** What does not work at the moment, and what that means. Nothing while all is well. */
export function Banner() {
  const t = useTranslations("banner");
  const online = useOnline();
  const { data, isError } = useReady();
  const detail = {
    postgres: data?.dependencies.postgres,
    model: data?.dependencies.model,
    memory: data?.dependencies.memory,
  };

  let trouble: Trouble | null = null;
  if (!online) trouble = "offline";
  else if (isError) trouble = "unreachable";
  else if (detail.postgres && detail.postgres.state !== "ok") trouble = "postgres";
  else if (detail.model && detail.model.state !== "ok") trouble = "model";
  else if (detail.memory && detail.memory.state !== "ok") trouble = "memory";
  const more = trouble && trouble in detail ? detail[trouble as keyof typeof detail]?.detail : null;
  const Icon = trouble === "offline" || trouble === "unreachable" ? CloudOff : TriangleAlert;
  const mild = trouble === "memory" || trouble === "model";

  return (
    <div role="status">
      {trouble && (
        <div
          className={cx(
            "flex animate-fade-in items-start gap-3 border-line border-b px-4 py-2.5 text-small md:px-5.5",
            mild ? "bg-shelf" : "bg-clay-wash",
          )}
        >
          <Icon size={16} className={cx("mt-0.5 shrink-0", mild ? "text-mocha" : "text-clay")} />
          <p className="min-w-0 text-soft">
            <strong className="font-semibold text-ink">{t(`${trouble}Title`)}.</strong> {t(`${trouble}Text`)}
            {more && <span className="mt-0.5 block text-faint">{more}</span>}
          </p>
        </div>
      )}
    </div>
  );
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
    () => true,
  );
}
