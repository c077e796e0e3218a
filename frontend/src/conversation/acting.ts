import { offline } from "@/api/problem";
import { atFirstUse } from "@/shell/first-use";
import { toast } from "@/ui/Toast";
import { giveBack } from "./drafts";
import type { Said } from "./saying";
import { NEW } from "./turn";

/** What takes turns is loaded when the page is used: one writes before one sends. */
const load = () => Promise.all([import("./saying"), import("./runner")]);

if (typeof window !== "undefined") atFirstUse(() => void load().catch(() => {}));

/** Say something. What cannot be sent goes back to where it was written. */
export async function say(said: Said): Promise<void> {
  try {
    const [{ say: send }] = await load();
    await send(said);
  } catch {
    giveBack(said.sessionId ?? NEW, said.content);
    toast({ text: offline().title, tone: "trouble" });
  }
}

/** Stop the turn of a session (`NEW` or its id). */
export async function stop(key: string): Promise<void> {
  const [, { stopTurn }] = await load();
  await stopTurn(key);
}

/** Follow a run that goes on already. */
export async function join(sessionId: string, runId: string): Promise<void> {
  const [, { joinRun }] = await load();
  joinRun(sessionId, runId);
}
