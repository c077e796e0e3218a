import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemError, useProblemText } from "@/api/problem";
import { queryClient } from "@/api/query-client";
import { Link } from "@/shell/router";
import { COMPOSER } from "@/shell/shortcuts";
import { Button } from "@/ui/Button";
import { Mark } from "@/ui/Mark";
import { letGo, setDraft, useDraft } from "./drafts";
import { NEW, type Outline, setTurn } from "./turn";
import { unsentOf } from "./unsent";

interface GoneProps {
  error: Error;
  sessionId: string | null;
  turn: Outline | null;
  temporary: boolean;
}

/** A conversation that could not be read. */
export function Gone({ error, sessionId, turn, temporary }: GoneProps) {
  const t = useTranslations("conversation");
  const shell = useTranslations("shell");
  const common = useTranslations("common");
  const words = useProblemText();
  const missing = error instanceof ProblemError && error.status === 404;
  const unread = error instanceof ProblemError ? words(error) : t("unreadText");
  const kept = useKeptWords(missing ? sessionId : null, turn, temporary);
  return (
    // The way past the sidebar leads here, where there is no field to write in.
    <div
      id={COMPOSER}
      tabIndex={-1}
      className="m-auto flex max-w-md flex-col items-start gap-3 p-6 outline-none"
    >
      <Mark size={36} />
      <h1 className="text-title">{missing ? t("goneTitle") : t("unreadTitle")}</h1>
      <p className="text-soft">{missing ? t("goneText") : unread}</p>
      {kept && <p>{t("goneKept")}</p>}
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

/** What was being written, or could not be sent any more, goes to where it can be: a new chat. Returns whether any did. */
function useKeptWords(sessionId: string | null, turn: Outline | null, temporary: boolean): boolean {
  const draft = useDraft(sessionId ?? NEW);
  const begun = useDraft(NEW);
  const [kept, keep] = useState(false);
  const unsent = unsentOf(turn) ?? "";

  useEffect(() => {
    const words = [unsent, draft].filter((each) => each.trim() !== "");
    if (sessionId === null || words.length === 0) return;
    setDraft(NEW, [begun, ...words].filter((each) => each !== "").join("\n\n"), temporary);
    setDraft(sessionId, "");
    letGo(sessionId);
    setTurn(sessionId, null);
    keep(true);
  }, [sessionId, unsent, draft, begun, temporary]);
  return kept;
}
