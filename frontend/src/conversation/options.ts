/** What is chosen for a chat before its first message. */
export interface Beginning {
  temporary: boolean;
  memory: boolean;
}

export const fresh: Beginning = { temporary: false, memory: true };
