import { api, take } from "@/api/client";
import { ProblemError } from "@/api/problem";
import type { Source } from "@/api/types";
import { keepHere } from "@/shell/entry";
import { chatPath, navigate } from "@/shell/router";
import { CARD } from "./cards";

/** Where a message is: on the branch that its chat shows, on another one, in no chat any more, or nobody knows now. */
export type Place = "shown" | "elsewhere" | "gone" | "unknown";

const GONE = new Set(["session_not_found", "message_not_found", "not_found"]);

export async function placeOf({
  session_id,
  message_id,
}: Pick<Source, "session_id" | "message_id">): Promise<Place> {
  try {
    await take(
      api.GET("/api/sessions/{session_id}/messages", {
        params: { path: { session_id }, query: { around: message_id, limit: 1 } },
      }),
    );
    return "shown";
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.code === "not_on_branch") return "elsewhere";
    return GONE.has(error.code) ? "gone" : "unknown";
  }
}

/**
 * Go from a memory to a message where there still is one. What is to be said of it is the caller's: the chat shows a
 * message of another branch by turning to that branch.
 */
export async function openSource(memoryId: string, source: Source): Promise<Place> {
  const place = await placeOf(source);
  if (place === "gone") return place;
  keepHere(CARD, memoryId);
  navigate(chatPath(source.session_id, source.message_id));
  return place;
}
