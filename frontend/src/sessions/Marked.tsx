import { marked } from "./marking";

const HIT = "bg-transparent font-semibold text-ink underline decoration-edge decoration-2 underline-offset-3";

/** A text with what was searched for marked in it. */
export function Marked({ text, words }: { text: string; words: string }) {
  return marked(text, words).map(({ at, text: piece, hit }) =>
    hit ? (
      <mark key={at} className={HIT}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
