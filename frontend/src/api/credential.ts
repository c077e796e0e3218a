import { create } from "zustand";
import { read, write } from "@/shell/storage";

const KEY = "memocha:key";
const ACCOUNTS = "memocha:accounts";

/** What the service asks for: its key, that somebody signs in, or that they choose a password of their own. */
export type Wanted = "key" | "sign-in" | "password";

interface Credential {
  key: string | null;
  /** What is missing; null: nothing that is known. */
  wanted: Wanted | null;
  /** There are accounts here, as was last seen. */
  accounts: boolean;
}

/** The key that requests carry, where the service wants one. A sign-in is a cookie, which no script sees. */
export const useCredential = create<Credential>(() => ({
  key: kept(KEY),
  wanted: null,
  accounts: kept(ACCOUNTS) !== null,
}));

/** Use a key from now on; null: none. */
export function setKey(key: string | null): void {
  write(KEY, key);
  useCredential.setState({ key, wanted: null });
}

/** Use none any more; what is asked for is asked for still. */
export function forgetKey(): void {
  write(KEY, null);
  useCredential.setState({ key: null });
}

/** Whether there are accounts: kept, so that nothing has to be asked where there are none. */
export function noteAccounts(accounts: boolean): void {
  write(ACCOUNTS, accounts ? "1" : null);
  useCredential.setState({ accounts });
}

/** The headers that every request carries. */
export function credentialHeaders(): Record<string, string> {
  const { key } = useCredential.getState();
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Have the page ask for the key. */
export function keyWanted(): void {
  useCredential.setState({ wanted: "key" });
}

/** Have the page ask for what a refusal says is missing, if it does. */
export function noteRefusal(status: number, code: string): void {
  if (code === "sign_in_needed") useCredential.setState({ wanted: "sign-in" });
  else if (code === "password_change_needed") useCredential.setState({ wanted: "password" });
  else if (status === 401 && code !== "wrong_password") keyWanted();
}

function kept(name: string): string | null {
  return typeof window === "undefined" ? null : read(name);
}
