/** What is kept with the entry of the browser's history that one is at: whoever comes back finds it there. */
export function keptHere<T>(name: string): T | null {
  return ((window.history.state as Record<string, T> | null)?.[name] as T | undefined) ?? null;
}

/** Keep something here under a name of its own; null: no more. What others keep here stays. */
export function keepHere(name: string, value: unknown): void {
  const { [name]: _, ...rest } = (window.history.state ?? {}) as Record<string, unknown>;
  try {
    window.history.replaceState(value === null ? rest : { ...rest, [name]: value }, "");
  } catch {
    // Browsers refuse what is done too often, or is too large. It is a comfort, and nothing depends on it.
  }
}
