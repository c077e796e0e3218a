/** Compiles the texts of src/i18n when they are bundled, so that no browser loads a parser of messages (11 kB). */
import compile from "icu-minify/compile";

/** A loader of the bundler: JSON of messages in, a module with compiled ones out. */
export default function load(source) {
  return `export default ${JSON.stringify(compiled(JSON.parse(source)))};`;
}

function compiled(texts) {
  if (typeof texts === "string") return compile(texts);
  return Object.fromEntries(Object.entries(texts).map(([name, inner]) => [name, compiled(inner)]));
}
