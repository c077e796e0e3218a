import { create } from "zustand";
import { credentialHeaders, noteRefusal } from "@/api/credential";
import { offline, ProblemError } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Job, Problem, Retention } from "@/api/types";
import { read, write } from "@/shell/storage";

/** An import of this tab, from choosing the file to what came of it. */
export type Import =
  | { phase: "none" }
  /** `share`: 0 to 1 of the bytes that are sent; 1: sent, and looked through. */
  | { phase: "sending"; name: string; share: number }
  /** `before`: how many memories there were. */
  | { phase: "working"; name: string; job: Job; before: number | null }
  | { phase: "refused"; name: string; problem: ProblemError };

interface Importing {
  state: Import;
  /** Stops the sending. */
  stop: () => void;
}

const nothing = () => {};

/** Where the job is kept that goes on, so that a reload does not lose sight of it. */
const KEY = "memocha:import";

export const useImport = create<Importing>(() => ({ state: kept(), stop: nothing }));

/** How a file is sent, by its name: as lines of ours, or as an archive of another chat; null: the service takes it not. */
export function kindOf(name: string): "lines" | "zip" | null {
  if (/\.zip$/i.test(name)) return "zip";
  return /\.(jsonl|ndjson)$/i.test(name) ? "lines" : null;
}

/** Send a file. What is sent is checked whole before the answer: nothing is half imported. */
export function importFile(file: File): void {
  const before = queryClient.getQueryData<Retention>(keys.retention)?.usage.memories ?? null;
  const request = new XMLHttpRequest();
  // fetch tells nothing of how much is sent.
  request.open("POST", "/api/import");
  const zip = kindOf(file.name) === "zip";
  request.setRequestHeader("content-type", zip ? "application/zip" : "application/x-ndjson");
  for (const [name, value] of Object.entries(credentialHeaders())) request.setRequestHeader(name, value);
  request.upload.onprogress = ({ loaded, total }) =>
    put({ phase: "sending", name: file.name, share: total ? loaded / total : 0 });
  request.onload = () => put(answered(file.name, request, before));
  request.onerror = () => put({ phase: "refused", name: file.name, problem: offline() });
  useImport.setState({ state: { phase: "sending", name: file.name, share: 0 }, stop: () => cancel(request) });
  request.send(file);
}

/** Have done with an import: what goes on, goes on at the service. */
export function dismissImport(): void {
  put({ phase: "none" });
}

/** What was told of the job. */
export function noteJob(job: Job): void {
  const { state } = useImport.getState();
  if (state.phase !== "working" || state.job.id !== job.id) return;
  put({ ...state, job });
  if (ended(job)) {
    void queryClient.invalidateQueries({ queryKey: keys.memories });
    void queryClient.invalidateQueries({ queryKey: keys.allSessions });
  }
}

export function ended(job: Job): boolean {
  return job.state === "succeeded" || job.state === "failed";
}

function cancel(request: XMLHttpRequest): void {
  request.abort();
  put({ phase: "none" });
}

function answered(name: string, request: XMLHttpRequest, before: number | null): Import {
  const body = parsed(request.responseText);
  if (request.status === 202) return { phase: "working", name, job: body as Job, before };
  const told = (body ?? {}) as Partial<Problem>;
  noteRefusal(request.status, told.code ?? "");
  const problem = new ProblemError(
    request.status,
    told.code ?? "unexpected",
    told.title ?? request.statusText,
    told,
  );
  return { phase: "refused", name, problem };
}

function kept(): Import {
  const state = parsed(read(KEY) ?? "") as Import | null;
  return state?.phase === "working" ? state : { phase: "none" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Leaving the page ends what is being sent: the browser asks first. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

useImport.subscribe(({ state }) => {
  if (state.phase === "sending") window.addEventListener("beforeunload", askBeforeLeaving);
  else window.removeEventListener("beforeunload", askBeforeLeaving);
});

function put(state: Import): void {
  write(KEY, state.phase === "working" && !ended(state.job) ? JSON.stringify(state) : null);
  useImport.setState({ state, stop: state.phase === "sending" ? useImport.getState().stop : nothing });
}
