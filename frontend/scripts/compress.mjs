/** Writes FILE.br and FILE.gz beside every file of the export that gains by it, so that serving costs no CPU. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const OUT = new URL("../out/", import.meta.url).pathname;
const SMALLEST = 1024;
const KINDS = /\.(html|js|mjs|css|json|svg|txt|xml|map|webmanifest)$/;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

let files = 0;
let before = 0;
let after = 0;
for (const entry of await readdir(OUT, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !KINDS.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  if (bytes.length <= SMALLEST) continue;
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  const [small, zipped] = await Promise.all([brotli(bytes, quality), zip(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, zipped)]);
  files += 1;
  before += bytes.length;
  after += small.length;
}
console.log(`Compressed ${files} files: ${kB(before)} kB, ${kB(after)} kB with brotli.`);

function kB(bytes) {
  return Math.round(bytes / 1000);
}
