import { create } from "zustand";
import { read, write } from "@/shell/storage";

const KEY = "memocha:key";

interface Credential {
  key: string | null;
  /** The service wants a key, or another one. */
  wanted: boolean;
}

/** The key that requests carry, where the service wants one. */
export const useCredential = create<Credential>(() => ({
  key: typeof window === "undefined" ? null : read(KEY),
  wanted: false,
}));

/** Use a key from now on; null: none. */
export function setKey(key: string | null): void {
  write(KEY, key);
  useCredential.setState({ key, wanted: false });
}

/** The headers that every request carries. */
export function credentialHeaders(): Record<string, string> {
  const { key } = useCredential.getState();
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** The service refused the key, or wants one. */
export function keyWanted(): void {
  if (!useCredential.getState().wanted) useCredential.setState({ wanted: true });
}
