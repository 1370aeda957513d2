/** Builds the page and the API's reference into `worker/public`: `npm run build:site`; wrangler does it by itself. */
import { fileURLToPath } from "node:url";
import { SECURITY_HEADERS } from "../../worker/headers.ts";
import { bundle } from "./bundle.ts";
import { html } from "./html.ts";
import { makeDocument } from "./reference/document.ts";
import { referencePage } from "./reference/page.ts";
import { writeFolder } from "./write-folder.ts";

const OUT = fileURLToPath(new URL("../../worker/public", import.meta.url));

/** Brings the folder up to date; files that are the same stay untouched. */
export async function buildSite(out = OUT): Promise<void> {
  const { files, referenceStyle, ...addresses } = await bundle();
  const document = await makeDocument();
  const { icon } = addresses;
  files.set("index.html", Buffer.from(html(addresses)));
  files.set("openapi.json", Buffer.from(JSON.stringify(document)));
  files.set(
    "docs.html",
    Buffer.from(await referencePage(document, { style: referenceStyle, icon })),
  );
  files.set("_headers", Buffer.from(headers()));
  writeFolder(out, files);
}

/** Cloudflare's `_headers`: the policy for every file; what has a hash in its name never changes. */
function headers(): string {
  const policy = Object.entries(SECURITY_HEADERS).map(([name, value]) => `  ${name}: ${value}`);
  const forever = "  cache-control: public, max-age=31536000, immutable";
  return ["/*", ...policy, "/assets/*", forever, ""].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSite();
