/** Milliseconds after a change of this page's own within which it is told of that change too. */
const WITHIN = 2_000;

let until = 0;

/** This page changes memories, and shows them changed already. */
export function expectEcho(): void {
  until = Date.now() + WITHIN;
}

/** Whether what is told of memories now is most likely this page's own doing. */
export function isEcho(): boolean {
  return Date.now() < until;
}
