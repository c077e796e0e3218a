/** Markdown as it is read aloud: the words, without their marks. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^(```|~~~).*$/gm, "")
    .replace(/^[\s|:-]+$/gm, "\n")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s?\[\d{1,4}(?:, ?\d{1,4})*\]/g, "")
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/[*_`~]+(?=\S)(?<!\w_+)|(?<=\S)[*`~]+|(?<=\S)_+(?!\w)/g, "")
    .replace(/\|/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
