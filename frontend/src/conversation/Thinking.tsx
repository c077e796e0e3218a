import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Turn } from "./turn";

/** Milliseconds after which waiting is put into words. */
const LONG = 6_000;

/** The time until the first word. */
export function Thinking({ turn }: { turn: Turn }) {
  const t = useTranslations("conversation");
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, []);
  const words = turn.memories === null ? t("remembering") : t("thinking");
  return (
    <p className="flex min-h-[26.5px] items-center gap-2.5 text-soft">
      <span className="size-2.5 animate-breathe rounded-[3px] bg-mocha" aria-hidden="true" />
      <span className={long ? "animate-fade-in" : "sr-only"}>{words}</span>
    </p>
  );
}
