import { useTranslations } from "use-intl";
import { ProblemError, useProblemText } from "@/api/problem";
import { queryClient } from "@/api/query-client";
import { Link } from "@/shell/router";
import { COMPOSER } from "@/shell/shortcuts";
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
    // The way past the sidebar leads here, where there is no field to write in.
    <div
      id={COMPOSER}
      tabIndex={-1}
      className="m-auto flex max-w-md flex-col items-start gap-3 p-6 outline-none"
    >
      <Mark size={36} />
      <h1 className="text-title">{missing ? t("goneTitle") : t("unreadTitle")}</h1>
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
