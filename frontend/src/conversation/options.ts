import { useEffect } from "react";
import { create } from "zustand";

/** What is chosen for a chat before its first message. */
export interface Beginning {
  temporary: boolean;
  memory: boolean;
}

export const fresh: Beginning = { temporary: false, memory: true };

const useAsked = create<{ temporary: boolean }>(() => ({ temporary: false }));

/** Have the new chat that is open, or opened next, be a temporary one. */
export function beginTemporary(): void {
  useAsked.setState({ temporary: true });
}

/** Begin so as was asked for elsewhere. `begin` has to stay the same. */
export function useAskedFor(begin: (options: Beginning) => void): void {
  const { temporary } = useAsked();
  useEffect(() => {
    if (!temporary) return;
    useAsked.setState({ temporary: false });
    begin({ ...fresh, temporary: true });
  }, [temporary, begin]);
}
