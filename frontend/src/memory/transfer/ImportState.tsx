import { useFormatter, useTranslations } from "use-intl";
import { useProblemText } from "@/api/problem";
import { useRetention } from "@/api/queries";
import type { Job } from "@/api/types";
import { Meter } from "@/ui/Meter";
import { ended, type Import, kindOf } from "./importing";

/** What of an import may be left out. */
const LEFT_OUT = ["attachments", "tools", "hidden", "too_long", "conversations", "memories"] as const;
/** Codes of what may be wrong with an archive. */
const ARCHIVE = [
  "invalid_archive",
  "encrypted_archive",
  "unknown_archive",
  "empty_archive",
  "archive_too_large",
] as const;

/** How far an import is, in words and a line; and what came of it. */
export function ImportState({ state }: { state: Import }) {
  const t = useTranslations("memory");
  switch (state.phase) {
    case "none":
      return null;
    case "sending":
      return (
        <Going
          words={
            state.share < 1
              ? t("importSending", { name: state.name })
              : t("importChecking", { name: state.name })
          }
          share={state.share}
        />
      );
    case "working": {
      const { state: is, processed, total, error } = state.job;
      const kind = kindOf(state.name) ?? "lines";
      if (is === "succeeded") return <Done state={state} />;
      if (is === "failed")
        return <Failed title={t("importFailed", { processed, total, kind })} text={error ?? ""} />;
      return (
        <Going
          words={t("importWorking", { name: state.name, processed, total, kind })}
          share={total > 0 ? processed / total : 0}
        />
      );
    }
    case "refused":
      return <Refused state={state} />;
  }
}

/** Whether there is nothing more to wait for. */
export function over(state: Import): boolean {
  return state.phase === "refused" || (state.phase === "working" && ended(state.job));
}

function Going({ words, share }: { words: string; share: number }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="tabular break-words">{words}</p>
      <Meter value={share} label={words} />
    </div>
  );
}

function Done({ state: { job, name, before } }: { state: Extract<Import, { phase: "working" }> }) {
  const t = useTranslations("memory");
  const list = useFormatter();
  const { total } = job;
  const leftOut = LEFT_OUT.filter((each) => job.skipped?.[each]).map((each) =>
    t(`leftOut.${each}`, { count: job.skipped?.[each] ?? 0 }),
  );
  const { data, isFetching } = useRetention();
  const now = isFetching ? undefined : data?.usage.memories;
  if (total === 0) return <Failed title={t("importEmpty")} text={t("importNothing")} />;
  const more = now !== undefined && before !== null ? Math.max(0, now - before) : null;
  return (
    <div role="status">
      <p className="font-semibold">
        {t(DONE[newOf(job)], { total, imported: job.imported ?? 0, kind: kindOf(name) ?? "lines" })}
      </p>
      <p className="tabular mt-0.5 text-soft">
        {more === null ? t("importDoneText") : t("importDoneMore", { more, now: now ?? 0 })}
      </p>
      {leftOut.length > 0 && (
        <p className="tabular mt-0.5 text-small text-soft">
          {t("importLeftOut", { what: list.list(leftOut) })}
        </p>
      )}
    </div>
  );
}

const DONE = { all: "importDone", some: "importDoneSome", none: "importDoneNone" } as const;

/** How much of an import was not there yet, as far as it was counted. */
function newOf({ imported, total, skipped }: Job): keyof typeof DONE {
  const taken = total - (skipped?.memories ?? 0);
  if (imported == null || imported >= taken) return "all";
  return imported > 0 ? "some" : "none";
}

function Refused({ state }: { state: Extract<Import, { phase: "refused" }> }) {
  const t = useTranslations("memory");
  const textOf = useProblemText();
  const { problem } = state;
  const { line, detail } = problem.problem;
  const archive = ARCHIVE.find((code) => code === problem.code);
  if (archive) return <Failed title={t(`archive.${archive}`)} text={t(`archiveText.${archive}`)} />;
  if (problem.status === 415) return <Failed title={t("importUnknown")} text={t("importUnknownText")} />;
  if (problem.status === 413)
    return <Failed title={t("importTooLarge")} text={detail ?? t("importNothing")} />;
  if (line != null) {
    const rule = (detail ?? "").replace(/^line \d+: /, "");
    // Who is told of a column in the first line has chosen another file than they meant to.
    if (line === 1 && rule.startsWith("Invalid JSON"))
      return <Failed title={t("importOther")} text={t("importOtherText")} />;
    return (
      <Failed title={t("importLine", { line })} text={`${rule ? `${rule}. ` : ""}${t("importNothing")}`} />
    );
  }
  return <Failed title={textOf(problem)} text={detail ?? t("importNothing")} />;
}

function Failed({ title, text }: { title: string; text: string }) {
  return (
    <div role="alert" className="rounded-row bg-clay-wash px-3.5 py-2.5">
      <p className="font-semibold text-clay">{title}</p>
      <p className="break-words text-small text-soft empty:hidden">{text}</p>
    </div>
  );
}
