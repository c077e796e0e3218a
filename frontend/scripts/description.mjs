/** Puts what /docs shows the service's description with beside the client, so that no other host is asked for it. */
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";

const FROM = createRequire(import.meta.url)("swagger-ui-dist").getAbsoluteFSPath();
const TO = new URL("../out/_docs/", import.meta.url).pathname;

await mkdir(TO, { recursive: true });
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) await copyFile(`${FROM}/${name}`, TO + name);
