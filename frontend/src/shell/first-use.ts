/** What a person does with a page; moving over it is nothing yet. */
const USES = ["keydown", "pointerdown", "drop"] as const;

/** Milliseconds after which a page that nobody uses yet is taken to stand. */
const STANDS = 8_000;

/**
 * Do something when the page is used for the first time, or stands unused: until then the first load has the machine to
 * itself. Returns what gives it up.
 */
export function atFirstUse(run: () => void): () => void {
  function end(): void {
    clearTimeout(timer);
    for (const use of USES) window.removeEventListener(use, begin, true);
  }
  function begin(): void {
    end();
    run();
  }
  const timer = setTimeout(begin, STANDS);
  for (const use of USES) window.addEventListener(use, begin, true);
  return end;
}
