import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { noteAccounts } from "@/api/credential";
import { queryClient } from "@/api/query-client";
import type { AuthState } from "@/api/types";

/** Under which key each thing about accounts is kept. */
export const accountKeys = {
  auth: ["auth"] as const,
  signIns: ["sign-ins"] as const,
  keys: ["keys"] as const,
  users: ["users"] as const,
};

/** How one signs in here, and who has. */
export function useAuth() {
  return useQuery({
    queryKey: accountKeys.auth,
    queryFn: ({ signal }) => readAuth(signal),
    staleTime: 60_000,
  });
}

async function readAuth(signal?: AbortSignal): Promise<AuthState> {
  const state = await take(api.GET("/api/auth", { signal }));
  noteAccounts(state.mode === "accounts");
  return state;
}

/** The browsers that one is signed in with. */
export function useSignIns() {
  return useQuery({
    queryKey: accountKeys.signIns,
    queryFn: ({ signal }) => take(api.GET("/api/auth/sign-ins", { signal })),
    select: ({ items }) => items,
  });
}

/** The keys that one has made for programs. */
export function useKeys() {
  return useQuery({
    queryKey: accountKeys.keys,
    queryFn: ({ signal }) => take(api.GET("/api/keys", { signal })),
    select: ({ items }) => items,
  });
}

/** Everyone's accounts, for admins. */
export function useUsers() {
  return useQuery({
    queryKey: accountKeys.users,
    queryFn: ({ signal }) => take(api.GET("/api/users", { signal })),
    select: ({ items }) => items,
  });
}

/** Read one of the lists again: it has changed. */
export function readAgain(list: keyof typeof accountKeys): void {
  void queryClient.invalidateQueries({ queryKey: accountKeys[list] });
}
