import { CloudOff } from "lucide-react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { Button } from "@/ui/Button";

/** What could not be read, and the way to try again. */
export function Trouble({ error, onRetry }: { error: Error; onRetry(): void }) {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const textOf = useProblemText();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-card border border-line bg-card p-5">
      <p className="flex items-center gap-2.5 font-semibold">
        <CloudOff size={17} className="text-clay" />
        {t("notRead")}
      </p>
      <p className="text-soft">{textOf(asProblem(error))}</p>
      <Button size="small" onClick={onRetry}>
        {common("retry")}
      </Button>
    </div>
  );
}
