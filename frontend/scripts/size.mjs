/** How much script a current browser loads before the first page stands, gzipped. Fails when it is too much. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT = 180_000;
const OUT = new URL("../out/", import.meta.url).pathname;

const html = await readFile(join(OUT, "index.html"), "utf8");
const files = new Set();
for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
  if (/\bnomodule\b/i.test(tag)) continue;
  const preloaded =
    /\brel="modulepreload"/.test(tag) || (/\brel="preload"/.test(tag) && /\bas="script"/.test(tag));
  const address = tag.startsWith("<script")
    ? tag.match(/\bsrc="([^"]+)"/)
    : preloaded && tag.match(/\bhref="([^"]+)"/);
  if (address) files.add(address[1].split("?")[0]);
}

let inline = "";
for (const [, attributes, body] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
  if (!/\bsrc=/.test(attributes)) inline += body;
}

let total = gzipSync(inline, { level: 9 }).length;
const sizes = [["(inline)", total]];
for (const file of files) {
  const bytes = gzipSync(await readFile(join(OUT, file)), { level: 9 }).length;
  sizes.push([file, bytes]);
  total += bytes;
}
for (const [file, bytes] of sizes.sort((a, b) => b[1] - a[1]))
  console.log(`${kB(bytes).padStart(7)}  ${file}`);
console.log(`First load: ${kB(total)} kB of JavaScript gzipped (limit ${LIMIT / 1000} kB)`);
if (total > LIMIT) process.exit(1);

function kB(bytes) {
  return (bytes / 1000).toFixed(1);
}
