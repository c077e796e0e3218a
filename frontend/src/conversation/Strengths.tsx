import type { RecalledMemory } from "@/api/types";
import { strengthOf } from "@/memory/scale";

/** At most so many ticks. */
const TICKS = 5;

/** How strong the memories are, as ticks: the best first, on the scale of the bars in the panel. */
export function Strengths({ memories }: { memories: readonly RecalledMemory[] }) {
  const heights = strengths(memories).slice(0, TICKS);
  return (
    <svg width={heights.length * 5 - 2} height="12" aria-hidden="true" className="shrink-0 fill-mocha">
      {heights.map((strength, position) => {
        const height = 3 + 9 * strength;
        // biome-ignore lint/suspicious/noArrayIndexKey: ticks are nothing but their place.
        return <rect key={position} x={position * 5} y={12 - height} width="3" height={height} rx="1" />;
      })}
    </svg>
  );
}

/** Each one's strength from 0 to 1, the strongest first. What has no score was in view already and counts as half. */
export function strengths(memories: readonly RecalledMemory[]): number[] {
  return memories
    .map((memory) => (memory.score == null ? 0.5 : strengthOf(memory.score)))
    .sort((one, other) => other - one);
}
