/** The most of a title that stands within a sentence, in letters as they are seen. */
const SHORT = 48;

/** A title as it stands within other words: a long one is cut, between words where it has any. */
export function shortTitle(title: string): string {
  const letters = [...new Intl.Segmenter().segment(title)].map(({ segment }) => segment);
  if (letters.length <= SHORT) return title;
  const cut = letters.slice(0, SHORT).join("");
  // What is left of a word that was cut is left out, unless the word is most of it.
  return `${cut.replace(/(?<=.{24})\s+\S*$/su, "").trimEnd()}…`;
}
