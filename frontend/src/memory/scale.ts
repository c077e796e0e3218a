/**
 * What of a score is drawn. A score is (cosine + 0.8 × share of the question's words) / 1.8. Between a question and a
 * memory it is never near 0 or 1: the faintest that the gate lets through has a cosine of 0.18 (0.1), and what answers in
 * the question's very words one of about 0.5, since an answer is no question (0.72). Drawn is where between these two a
 * score stands; what lies beyond is as good as at the end.
 */
const FAINTEST = 0.1;
const PLAINEST = 0.72;
/** What is there at all can be seen. */
const LEAST = 0.05;

/** How strong a memory of this score (0 to 1) is, from 0.05 to 1, the same for every question. */
export function strengthOf(score: number): number {
  return Math.min(1, Math.max(LEAST, (score - FAINTEST) / (PLAINEST - FAINTEST)));
}
