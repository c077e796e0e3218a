import { api, take } from "@/api/client";
import type { components } from "@/api/schema";
import type { Account, ChangedAccount } from "@/api/types";

export type UserChange = components["schemas"]["UserPatch"];
/** What is asked about before it is done. */
export type Asked = "lock" | "password" | "delete";

/** Throws `ProblemError`. */
export function changeUser({ id }: Account, body: UserChange): Promise<ChangedAccount> {
  return take(api.PATCH("/api/users/{user_id}", { params: { path: { user_id: id } }, body }));
}

/** With all that is kept of them. Throws `ProblemError`. */
export async function deleteUser({ id }: Account): Promise<void> {
  await take(api.DELETE("/api/users/{user_id}", { params: { path: { user_id: id } } }));
}
