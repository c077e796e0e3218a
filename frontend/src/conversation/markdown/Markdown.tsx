import { memo, useMemo } from "react";
import ReactMarkdown, { type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import remend from "remend";
import { blocksOf } from "./blocks";
import { rehypeCitations } from "./citations";
import { settleTable } from "./coming";
import { COMPONENTS } from "./components";
import { protectMath } from "./math";

interface MarkdownProps {
  text: string;
  /** More is coming: what is open at the end is closed for now. */
  streaming?: boolean;
  /** The numbers by which the answer can cite what it was given; the same list as long as they are the same. */
  cites?: readonly number[];
}

const NONE: readonly number[] = [];
const REMARK: Options["remarkPlugins"] = [[remarkGfm, { singleTilde: false }]];

/** An answer's markdown. HTML in it is shown as it was written. */
export function Markdown({ text, streaming = false, cites = NONE }: MarkdownProps) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  const last = blocks.length - 1;
  return (
    <div className="prose">
      {blocks.map((block, position) => {
        const shown = streaming && position === last ? remend(settleTable(block)) : block;
        // biome-ignore lint/suspicious/noArrayIndexKey: a block stays where it is; only the last one grows.
        return <Block key={position} text={shown} cites={cites} />;
      })}
    </div>
  );
}

const Block = memo(function Block({ text, cites }: { text: string; cites: readonly number[] }) {
  const rehype = useMemo<Options["rehypePlugins"]>(() => [[rehypeCitations, { numbers: cites }]], [cites]);
  return (
    <ReactMarkdown remarkPlugins={REMARK} rehypePlugins={rehype} components={COMPONENTS}>
      {protectMath(text)}
    </ReactMarkdown>
  );
});
