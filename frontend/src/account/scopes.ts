import { useTranslations } from "use-intl";
import type { Key } from "@/api/types";

export type Scope = Key["scopes"][number];

/** What a key may be for, what most are for first. */
export const SCOPES: readonly Scope[] = ["chat", "memories:read", "memories:write", "account", "users"];
/** Of these an admin alone makes keys. */
export const ADMINS: readonly Scope[] = ["users"];

const NAMES = {
  chat: "chat",
  "memories:read": "memories_read",
  "memories:write": "memories_write",
  account: "account",
  users: "users",
} as const satisfies Record<Scope, string>;

/** What a scope lets a program do, in plain words. */
export function useScopeWords(): (scope: Scope) => string {
  const t = useTranslations("account.keys.scope");
  return (scope) => t(NAMES[scope]);
}
