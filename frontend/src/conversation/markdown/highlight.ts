import type { Root } from "hast";
import type { LanguageFn } from "highlight.js";
import { createLowlight } from "lowlight";

type Loader = () => Promise<{ default: LanguageFn }>;

/** Each is loaded when code in it is seen for the first time. */
const LANGUAGES: Record<string, Loader> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  graphql: () => import("highlight.js/lib/languages/graphql"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  latex: () => import("highlight.js/lib/languages/latex"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  r: () => import("highlight.js/lib/languages/r"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  scss: () => import("highlight.js/lib/languages/scss"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};
const ALSO: Record<string, string> = {
  "c++": "cpp", cs: "csharp", docker: "dockerfile", html: "xml", js: "javascript", jsx: "javascript", kt: "kotlin",
  make: "makefile", md: "markdown", mjs: "javascript", patch: "diff", py: "python", rb: "ruby", rs: "rust",
  sh: "bash", shell: "bash", console: "bash", zsh: "bash", svg: "xml", tex: "latex", toml: "ini", ts: "typescript",
  tsx: "typescript", yml: "yaml",
}; // biome-ignore format: a table

const lowlight = createLowlight();

/** Whether code in a language is coloured at all. */
export function knows(language: string): boolean {
  return named(language) in LANGUAGES;
}

/** Load what colours a language. */
export async function load(language: string): Promise<void> {
  const name = named(language);
  const loader = LANGUAGES[name];
  if (loader === undefined || lowlight.registered(name)) return;
  const { default: grammar } = await loader();
  lowlight.register(name, grammar);
}

/** The code as a tree of coloured pieces; null until its language is loaded. */
export function highlight(language: string, code: string): Root | null {
  const name = named(language);
  return lowlight.registered(name) ? lowlight.highlight(name, code) : null;
}

function named(language: string): string {
  const name = language.toLowerCase();
  return ALSO[name] ?? name;
}
