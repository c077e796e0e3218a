import { createContext, useContext } from "react";
import { useTranslations } from "use-intl";

/** Opens the memory that an answer cites by its number. */
export const OpenMemory = createContext<((number: number) => void) | null>(null);

/** The number of a memory in an answer. */
export function Citation({ number }: { number: number }) {
  const t = useTranslations("conversation");
  const open = useContext(OpenMemory);
  return (
    <button
      type="button"
      className="citation"
      aria-label={t("cited", { number })}
      onClick={() => open?.(number)}
    >
      {number}
    </button>
  );
}
