import { Brain, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Link } from "@/shell/router";
import { Button } from "@/ui/Button";
import { KindName } from "./Meta";
import { open } from "./opened";

/** Nothing is remembered yet: what will be, by one example. */
export function NothingYet() {
  const t = useTranslations("memory");
  return (
    <section className="mx-auto flex w-full max-w-lg animate-fade-in flex-col gap-5 py-10">
      <div>
        <h2 className="text-title">{t("emptyTitle")}</h2>
        <p className="mt-1.5 text-soft">{t("emptyText")}</p>
      </div>
      <figure className="flex flex-col gap-3">
        <p className="ms-auto max-w-[85%] rounded-shell rounded-ee-tick bg-own px-4 py-2.5">
          {t("emptySaid")}
        </p>
        <div className="rounded-card border border-edge border-dashed bg-card p-3.5">
          <p>{t("emptyFact")}</p>
          <p className="mt-1.5 flex gap-2 text-small text-soft">
            <KindName kind="fact" /> {t("emptyFrom")}
          </p>
        </div>
        <figcaption className="text-small text-soft">{t("emptyHow")}</figcaption>
      </figure>
      <div className="flex flex-wrap gap-2">
        <Link
          to="/"
          className="inline-flex min-h-9 items-center rounded-full bg-mocha px-4 font-medium text-on-mocha transition-colors duration-150 hover:bg-mocha-strong pointer-coarse:min-h-11"
        >
          {t("emptyChat")}
        </Link>
        <Button onClick={() => open({ name: "add" })}>{t("emptyAdd")}</Button>
        <Button onClick={() => open({ name: "import" })}>{t("emptyImport")}</Button>
      </div>
    </section>
  );
}

/** There are memories, and the filters let none through. */
export function NothingHere({ onClear }: { onClear(): void }) {
  const t = useTranslations("memory");
  return (
    <Nothing icon={<Brain size={20} />} title={t("noneTitle")} text={t("noneText")}>
      <Button size="small" onClick={onClear}>
        {t("clearFilters")}
      </Button>
    </Nothing>
  );
}

/** Memory knows nothing of what was asked. */
export function NothingFound({ question, onClear }: { question: string; onClear?: () => void }) {
  const t = useTranslations("memory");
  return (
    <Nothing icon={<SearchX size={20} />} title={t("notFoundTitle")} text={t("notFoundText", { question })}>
      {onClear && (
        <Button size="small" onClick={onClear}>
          {t("clearFilters")}
        </Button>
      )}
    </Nothing>
  );
}

interface NothingProps {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

function Nothing({ icon, title, text, children }: NothingProps) {
  return (
    <section className="mx-auto flex max-w-md animate-fade-in flex-col items-center gap-2 py-14 text-center">
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-crema text-crema-ink">
        {icon}
      </span>
      <h2 className="text-[17px] leading-6">{title}</h2>
      <p className="mb-2 break-words text-soft">{text}</p>
      {children}
    </section>
  );
}
