import type { Root } from "hast";
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { CopyButton } from "../CopyButton";

type Highlighter = typeof import("./highlight");

/** Code with its language, coloured when that is loaded, and a button that copies it. */
export function CodeBlock({ language, code }: { language: string; code: string }) {
  // Colouring is never worth a late frame.
  const text = useDeferredValue(code);
  const highlighter = useHighlighter(language);
  const tree = useMemo<Root | null>(
    () => highlighter?.highlight(language, text) ?? null,
    [highlighter, language, text],
  );
  return (
    <figure className="code my-4 overflow-hidden rounded-card border border-line bg-code">
      <figcaption className="flex items-center justify-between border-line border-b ps-4 pe-1.5 text-small text-soft">
        <span className="font-mono text-tiny">{language || "text"}</span>
        <CopyButton text={code} />
      </figcaption>
      {/* What scrolls has to be reachable by keyboard. */}
      <pre
        tabIndex={0}
        className="overflow-x-auto px-4 py-3 font-mono text-[0.84375rem] leading-[1.555]"
        dir="ltr"
      >
        <code>{tree ? toJsxRuntime(tree, { Fragment, jsx, jsxs }) : text}</code>
      </pre>
    </figure>
  );
}

function useHighlighter(language: string): Highlighter | null {
  const [loaded, setLoaded] = useState<{ language: string; highlighter: Highlighter } | null>(null);
  useEffect(() => {
    if (!language) return;
    let current = true;
    async function load(): Promise<void> {
      const highlighter = await import("./highlight");
      if (!highlighter.knows(language)) return;
      await highlighter.load(language);
      if (current) setLoaded({ language, highlighter });
    }
    // Without colours code is as good to read.
    load().catch(() => {});
    return () => {
      current = false;
    };
  }, [language]);
  return loaded?.language === language ? loaded.highlighter : null;
}
