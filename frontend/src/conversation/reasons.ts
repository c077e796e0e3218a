import { useTranslations } from "use-intl";
import { useProblemText } from "@/api/problem";
import type { Failure } from "./turn";

/** Why an answer is not whole: what the service told while it was followed, or the code that it keeps of it. */
type Reason = Pick<Failure, "code" | "title" | "detail" | "until" | "whose"> | string | null;

/** What to tell of an answer that did not come to its end. `began`: something of it is there. */
export function useReason(): (reason: Reason, began: boolean) => string {
  const t = useTranslations("conversation");
  const words = useProblemText();
  return (reason, began) => {
    const title = began ? t("interrupted") : t("unanswered");
    const problem = typeof reason === "object" ? reason : { code: reason, title };
    if (problem === null) return title;
    if (problem.code === "stopped") return began ? t("stopped") : t("stoppedEarly");
    // What is said of a model that did not answer is not true of one that did, and broke off.
    return began && problem.code.startsWith("model_") ? t("brokeOff") : words(problem);
  };
}
