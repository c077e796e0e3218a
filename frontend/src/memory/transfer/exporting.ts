import { credentialHeaders } from "@/api/credential";
import { asProblem, problemOf } from "@/api/problem";

const EXPORT = "/api/export";

/**
 * Save everything in a file, called as the service says. The browser loads it by itself; only where a key has to go with
 * the request it is read here first, which a link cannot do. Throws `ProblemError`.
 */
export async function downloadExport(): Promise<void> {
  const headers = credentialHeaders();
  if (Object.keys(headers).length === 0) {
    follow(EXPORT, "");
    return;
  }
  const response = await fetch(EXPORT, { headers }).catch((error: unknown) => {
    throw asProblem(error);
  });
  if (!response.ok) throw await problemOf(response);
  const address = URL.createObjectURL(await response.blob());
  follow(address, nameIn(response.headers.get("content-disposition")));
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The file's name in a `content-disposition`. */
export function nameIn(disposition: string | null): string {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? "memocha.jsonl";
}

function follow(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
