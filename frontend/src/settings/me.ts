import { api, take } from "@/api/client";
import { credentialHeaders } from "@/api/credential";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { components } from "@/api/schema";
import type { Me } from "@/api/types";
import { isStill } from "@/api/whose";

export type MeChange = components["schemas"]["MePatch"];

/** Change what you have set: shown at once, and taken back where the service refuses. Throws `ProblemError`. */
export async function changeMe(change: MeChange): Promise<void> {
  await queryClient.cancelQueries({ queryKey: keys.me });
  const before = queryClient.getQueryData<Me>(keys.me);
  queryClient.setQueryData<Me>(keys.me, (me) => me && merged(me, change));
  try {
    queryClient.setQueryData<Me>(keys.me, await take(api.PATCH("/api/me", { body: change })));
  } catch (error) {
    const names = Object.keys(change) as (keyof MeChange)[];
    queryClient.setQueryData<Me>(
      keys.me,
      (me) => me && before && { ...me, ...Object.fromEntries(names.map((name) => [name, before[name]])) },
    );
    throw error;
  }
  if (change.retention) void queryClient.invalidateQueries({ queryKey: keys.retention });
}

/** The same while the page is being left, when nobody waits for an answer any more. */
export function changeMeLeaving(change: MeChange): void {
  const me = queryClient.getQueryData<Me>(keys.me);
  // The page may be left because somebody else has signed in: whose words these are they are not told.
  if (me !== undefined && !isStill(me.id)) return;
  void fetch("/api/me", {
    method: "PATCH",
    keepalive: true,
    headers: { ...credentialHeaders(), "content-type": "application/json" },
    body: JSON.stringify(change),
  }).catch(() => {});
}

function merged(me: Me, { retention, ...change }: MeChange): Me {
  return { ...me, ...change, retention: { ...me.retention, ...retention } } as Me;
}
