import { useState } from "react";
import { useTranslations } from "use-intl";
import { choose, useChoices } from "@/conversation/choices";
import { Field } from "@/ui/Field";

/** How long an answer may get, tokens. `most`: what the model can. */
export function LongestAnswer({ most }: { most: number | null }) {
  const t = useTranslations("settings.answers");
  const chosen = useChoices((state) => state.maxTokens);
  const [written, write] = useState(chosen === null ? "" : String(chosen));
  const wrong = read(written, most) === "wrong";

  function take(text: string): void {
    write(text);
    const tokens = read(text, most);
    if (tokens !== "wrong") choose({ maxTokens: tokens });
  }
  return (
    <Field
      label={t("longest")}
      hint={t("longestText")}
      error={wrong ? (most === null ? t("longestWrong") : t("longestWrongMost", { most })) : null}
      inputMode="numeric"
      autoComplete="off"
      placeholder={most === null ? "" : String(most)}
      value={written}
      onChange={(event) => take(event.target.value)}
      className="[&_input]:max-w-40"
    />
  );
}

function read(text: string, most: number | null): number | null | "wrong" {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const tokens = /^\d+$/.test(trimmed) ? Number(trimmed) : 0;
  return tokens >= 1 && tokens <= (most ?? Number.MAX_SAFE_INTEGER) ? tokens : "wrong";
}
