import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";

/** Seconds up to which a wait is told in seconds. */
const SHORT = 90;

/** What to tell a person of something that was thrown, with words of our own for what concerns accounts. */
export function useAccountTrouble(): (thrown: unknown) => string {
  const t = useTranslations("account.problems");
  const textOf = useProblemText();
  return (thrown) => {
    const problem = asProblem(thrown);
    const { code, retryAfter } = problem;
    if (code === "too_many_attempts" && retryAfter !== null) {
      if (retryAfter <= SHORT) return t("too_many_seconds", { seconds: retryAfter });
      return t("too_many_minutes", { minutes: Math.ceil(retryAfter / 60) });
    }
    return t.has(code as never) ? t(code as never) : textOf(problem);
  };
}
