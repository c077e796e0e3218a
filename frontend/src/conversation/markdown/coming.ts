const ROW = /^ {0,3}\|/;
const DELIMITER = /^ {0,3}\|?[\s:|-]+$/;

/**
 * The beginning of a table as a table: of what is still being written, the row of names alone would be read as text with
 * bars in it, and jump when the line under it is complete. Names that are not known to be names yet are held back.
 */
export function settleTable(block: string): string {
  const lines = block.split("\n");
  const start = lines.findLastIndex((line) => !ROW.test(line)) + 1;
  const [names, delimiter, ...rows] = lines.slice(start);
  if (names === undefined || rows.length > 0) return block;
  const before = lines.slice(0, start);
  if (delimiter === undefined || !DELIMITER.test(delimiter))
    return delimiter === undefined ? before.join("\n") : block;
  const columns = names
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|").length;
  return [...before, names, `|${" --- |".repeat(columns)}`].join("\n");
}
