/** Markdown as it is read aloud: the words, without their marks. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^(```|~~~).*$/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[\d{1,2}\]/g, "")
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/[*_`|~]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
