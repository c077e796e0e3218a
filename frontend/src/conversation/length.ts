/** The share of the longest message from which on one is told how much more fits. */
const NEAR = 0.9;

/**
 * How many more characters fit a message of these words, as the service counts them (code points, without the blanks
 * around them): below 0 they are too many. Null where one is far from that, or does not know the limit.
 */
export function roomLeft(text: string, limit: number | undefined): number | null {
  // In a string's own units there are never fewer: nearly always this is all that is looked at.
  if (limit === undefined || text.length < NEAR * limit) return null;
  let count = 0;
  for (const _ of text.trim()) count += 1;
  return count < NEAR * limit ? null : limit - count;
}
