import { useTranslations } from "use-intl";
import { ProblemError, useProblemText } from "@/api/problem";
import { queryClient } from "@/api/query-client";
import { Link } from "@/shell/router";
import { Button } from "@/ui/Button";
import { Mark } from "@/ui/Mark";

/** A conversation that could not be read. */
export function Gone({ error }: { error: Error }) {
  const t = useTranslations("conversation");
  const shell = useTranslations("shell");
  const common = useTranslations("common");
  const words = useProblemText();
  const missing = error instanceof ProblemError && error.status === 404;
  return (
    <div className="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <Mark size={36} />
      <h2 className="text-title">{missing ? t("goneTitle") : t("unreadTitle")}</h2>
      <p className="text-soft">{error instanceof ProblemError ? words(error) : t("unreadText")}</p>
      {missing ? (
        <Link to="/" className="font-medium text-mocha underline underline-offset-4">
          {shell("missingBack")}
        </Link>
      ) : (
        <Button kind="primary" onClick={() => void queryClient.invalidateQueries()}>
          {common("retry")}
        </Button>
      )}
    </div>
  );
}
