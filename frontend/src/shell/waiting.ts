/** Milliseconds between two looks. */
const BETWEEN = 3_000;

/**
 * Ask the service now and then whether it answers, since nothing may tell: what listens to it may not have come either.
 * `found` hears of it once, and whether it had been away. Returns how to stop.
 */
export function waitForService(found: (away: boolean) => void): () => void {
  const over = new AbortController();
  const { signal } = over;
  let away = false;
  let timer: ReturnType<typeof setTimeout>;

  async function look(): Promise<void> {
    const answers = await fetch("/health", { signal, cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (signal.aborted) return;
    if (answers) return found(away);
    away = true;
    wait();
  }
  function wait(): void {
    timer = setTimeout(() => void look(), BETWEEN);
  }
  wait();
  return () => {
    over.abort();
    clearTimeout(timer);
  };
}
