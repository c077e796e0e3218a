import type { Element } from "hast";
import type { Components } from "react-markdown";
import { Citation } from "./Citation";
import { CodeBlock } from "./CodeBlock";
import { DISPLAY, INLINE, readable } from "./math";
import { RemoteImage } from "./RemoteImage";

/** How each part of an answer is drawn. No part makes HTML of what the answer says. */
export const COMPONENTS: Components = {
  // An answer's headings stand below that of its message.
  h1: ({ children }) => <h3 data-level="1">{children}</h3>,
  h2: ({ children }) => <h4 data-level="2">{children}</h4>,
  h3: ({ children }) => <h5 data-level="3">{children}</h5>,
  h4: ({ children }) => <h6 data-level="4">{children}</h6>,
  h5: ({ children }) => <h6 data-level="5">{children}</h6>,
  h6: ({ children }) => <h6 data-level="6">{children}</h6>,
  a({ node, href, children }) {
    // The way back from a footnote leads nowhere, as the way to it; its number says what it belongs to.
    if (node?.properties.dataFootnoteBackref !== undefined) return null;
    // Within the answer there is nowhere to go: an address of ours would leave the conversation.
    if (!href || !/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  img({ src, alt }) {
    return <RemoteImage address={typeof src === "string" ? src : ""} alt={alt ?? ""} />;
  },
  pre({ node }) {
    const code = node?.children[0];
    if (code?.type !== "element") return null;
    return <CodeBlock language={languageOf(code)} code={textOf(code).replace(/\n$/, "")} />;
  },
  code({ children }) {
    const text = typeof children === "string" ? children : "";
    if (text.startsWith(INLINE)) return <Formula formula={text.slice(1)} />;
    if (text.startsWith(DISPLAY)) return <Formula formula={text.slice(1)} display />;
    return <code dir="ltr">{children}</code>;
  },
  table({ children }) {
    return (
      <div className="table-scroll" tabIndex={0}>
        <table>{children}</table>
      </div>
    );
  },
  sup({ node, children }) {
    const cited = node?.properties.dataCite;
    return cited === undefined ? <sup>{children}</sup> : <Citation number={Number(cited)} />;
  },
  input({ checked }) {
    return <input type="checkbox" checked={!!checked} disabled readOnly aria-label={checked ? "✓" : "–"} />;
  },
};

function Formula({ formula, display = false }: { formula: string; display?: boolean }) {
  return (
    <span className={display ? "formula formula-display" : "formula"} title={formula} dir="ltr">
      {readable(formula)}
    </span>
  );
}

function languageOf(code: Element): string {
  const names = Array.isArray(code.properties.className) ? code.properties.className : [];
  const name = names.map(String).find((each) => each.startsWith("language-"));
  return name?.slice("language-".length) ?? "";
}

function textOf(element: Element): string {
  return element.children
    .map((child) => (child.type === "text" ? child.value : child.type === "element" ? textOf(child) : ""))
    .join("");
}
