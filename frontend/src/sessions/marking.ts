/** A piece of a text, `at` so many characters of it; `hit` where it is what was searched for. */
export interface Piece {
  at: number;
  text: string;
  hit: boolean;
}

/** A text in pieces, with all places marked that have the words as the service finds them: whole, in upper or lower case. */
export function marked(text: string, words: string): Piece[] {
  const wanted = words.trim();
  if (wanted === "") return [{ at: 0, text, hit: false }];
  // With a group in it, what splits is kept: every second piece is a hit.
  const pattern = new RegExp(`(${wanted.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")})`, "giu");
  let at = 0;
  const pieces = text.split(pattern).map((piece, number) => {
    at += piece.length;
    return { at: at - piece.length, text: piece, hit: number % 2 === 1 };
  });
  return pieces.filter((piece) => piece.text !== "");
}
