import type { RecalledMemory } from "@/api/types";

/** At most so many ticks. */
const TICKS = 5;

/** How strong the memories are, as ticks: the best first, against the best. */
export function Strengths({ memories }: { memories: readonly RecalledMemory[] }) {
  const heights = strengths(memories).slice(0, TICKS);
  return (
    <svg width={heights.length * 5 - 2} height="12" aria-hidden="true" className="shrink-0 fill-mocha">
      {heights.map((strength, position) => {
        const height = Math.max(4, Math.round(12 * strength));
        // biome-ignore lint/suspicious/noArrayIndexKey: ticks are nothing but their place.
        return <rect key={position} x={position * 5} y={12 - height} width="3" height={height} rx="1" />;
      })}
    </svg>
  );
}

/** Each one's strength from 0 to 1, the strongest first. What has no score was in view already and counts as half. */
export function strengths(memories: readonly RecalledMemory[]): number[] {
  const best = Math.max(...memories.map((memory) => memory.score ?? 0), 0);
  return memories
    .map((memory) => (memory.score == null || best <= 0 ? 0.5 : Math.max(0, memory.score / best)))
    .sort((one, other) => other - one);
}
