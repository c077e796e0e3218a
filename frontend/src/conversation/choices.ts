import { create } from "zustand";
import { read, write } from "@/shell/storage";

/** What a person has chosen for their next messages; null: as the service does it. Kept in this browser. */
export interface Choices {
  model: string | null;
  temperature: number | null;
  /** The longest answer, tokens. */
  maxTokens: number | null;
}

const KEY = "memocha:choices";
const NOTHING: Choices = { model: null, temperature: null, maxTokens: null };

export const useChoices = create<Choices>(() => (typeof window === "undefined" ? NOTHING : kept()));

/** Choose, from the next message on. */
export function choose(choices: Partial<Choices>): void {
  useChoices.setState(choices);
  write(KEY, JSON.stringify(useChoices.getState()));
}

/** The choices, as a turn's request says them. */
export function chosenParameters() {
  const { model, temperature, maxTokens } = useChoices.getState();
  return {
    ...(model !== null && { model }),
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  };
}

function kept(): Choices {
  try {
    return { ...NOTHING, ...JSON.parse(read(KEY) ?? "{}") };
  } catch {
    return NOTHING;
  }
}
