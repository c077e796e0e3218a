import { api, take } from "@/api/client";
import { forgetKey, useCredential } from "@/api/credential";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { noteUser } from "@/api/whose";
import { navigate } from "@/shell/router";
import { accountKeys } from "./data";

/**
 * Somebody has signed in: the page becomes theirs. Whoever was here before finds it as it was, with what they had begun
 * to write; of anybody else nothing stays. Throws `ProblemError`.
 */
export async function enter(): Promise<void> {
  // A key of earlier days would go before the cookie.
  forgetKey();
  const me = await take(api.GET("/api/me"));
  if (noteUser(me.id)) return;
  queryClient.setQueryData(keys.me, me);
  // As it was read, nobody was signed in.
  queryClient.removeQueries({ queryKey: accountKeys.auth });
  if (window.location.pathname === "/sign-in") navigate("/", { replace: true });
  useCredential.setState({ wanted: null });
}
