import { api, take } from "@/api/client";
import { beginAnew } from "@/api/whose";

/** Sign out, and leave nothing of the person in this browser. Throws `ProblemError`. */
export async function signOut(): Promise<void> {
  await take(api.POST("/api/auth/sign-out"));
  beginAnew(null);
}
