import { useEffect } from "react";
import { credentialHeaders } from "@/api/credential";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Session } from "@/api/types";
import { parseRoute } from "@/shell/router";

/** A temporary chat is deleted when one goes elsewhere. (A reload is no leaving; what is just closed goes after a day.) */
export function useLeaveTemporary(session: Session | null): void {
  const id = session?.temporary ? session.id : null;
  useEffect(() => {
    if (id === null) return;
    return () => {
      const route = parseRoute(window.location);
      if (route.name === "chat" && route.sessionId === id) return;
      queryClient.removeQueries({ queryKey: keys.session(id) });
      queryClient.removeQueries({ queryKey: keys.messages(id) });
      // It goes after a day at the latest, whether this arrives or not.
      fetch(`/api/sessions/${id}`, { method: "DELETE", keepalive: true, headers: credentialHeaders() }).catch(
        () => {},
      );
    };
  }, [id]);
}
