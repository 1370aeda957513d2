/**
 * A warm request in slices, for `main.ts`: each path goes one step further than the one before, by the
 * Worker's own functions. `/v1/tags` is the Worker itself, so that one isolate answers all.
 */

import * as tf from "@tensorflow/tfjs-core";
import { type Context, Hono } from "hono";
import { requestId } from "hono/request-id";
import manifest from "../../../model/artefact/manifest.json" with { type: "json" };
import weights from "../../../model/artefact/weights.bin";
import kernels from "../../../model/kernels/kernels.wasm";
import { loadEngine } from "../../../model/load.ts";
import { preprocess } from "../../../model/preprocess.ts";
import { access } from "../../../worker/access/access.ts";
import { type AppEnv, createApp } from "../../../worker/app.ts";
import { sharing } from "../../../worker/bodies.ts";
import { sha256 } from "../../../worker/cms/signing.ts";
import { describeColors } from "../../../worker/colors/describe-colors.ts";
import { urlPolicy } from "../../../worker/fetch/url-policy.ts";
import { securityHeaders } from "../../../worker/headers.ts";
import { workerd } from "../../../worker/hosts/workerd.ts";
import { readSquare } from "../../../worker/image/read.ts";
import { sniff } from "../../../worker/image/sniff.ts";
import { observe } from "../../../worker/observe.ts";
import { query } from "../../../worker/openapi/validated.ts";
import { pictureOf } from "../../../worker/routes/picture.ts";
import { optionsOf } from "../../../worker/routes/tags.ts";
import { TagQuery } from "../../../worker/schemas/query.ts";

const engine = loadEngine({ manifest, weights, kernels });
const worker = createApp(workerd);

/** What is done with a picture, each of these after those before it. */
type Depth = "sniff" | "digest" | "decode" | "trunk" | "network" | "colours";

async function look(bytes: Uint8Array, depth: Depth): Promise<void> {
  const header = sniff(bytes);
  if (depth === "sniff") return;
  if (depth === "digest") return void (await sha256(bytes as Uint8Array<ArrayBuffer>));
  const square = await readSquare(bytes, header);
  if (depth === "decode") return;
  if (depth === "trunk") return tf.dispose(Object.values(engine.trunk(square, false)));
  const { landmarks, presence } = workerd.tagger().infer(square);
  if (depth === "colours") describeColors(square, preprocess.size, landmarks, presence, "dress");
}

const small = (c: Context): Response => c.json({ status: "ok" });
const read = async (c: Context<AppEnv>) => {
  await c.req.arrayBuffer();
  return small(c);
};

const app = new Hono<AppEnv>();
app.post("/hono", read);
const guarded = new Hono<AppEnv>().use(requestId(), securityHeaders);
guarded.post("/guarded", read);
guarded.post("/observed", observe, read);
guarded.use("/full/*", observe);
guarded.use("/full/*", access);
guarded.post("/full/key", read);
guarded.post("/full/query", query(TagQuery), (c) => {
  optionsOf(c, c.req.valid("query"));
  return read(c);
});
for (const depth of ["sniff", "digest", "decode", "trunk", "network", "colours"] as const) {
  guarded.post(`/full/${depth}`, query(TagQuery), (c) => {
    optionsOf(c, c.req.valid("query"));
    return sharing(async (share) => {
      const bytes = await pictureOf(c.req.raw, urlPolicy(c.env), share);
      await look(bytes, depth);
      return small(c);
    });
  });
}
app.route("/", guarded);

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/nothing") {
      await request.arrayBuffer();
      return new Response("{}");
    }
    // A deployment asks for a key.
    const bindings = pathname === "/full/key" ? { ...env, HEMLINE_ENV: "" } : env;
    return (pathname === "/v1/tags" ? worker : app).fetch(request, bindings, context);
  },
} satisfies ExportedHandler<AppEnv["Bindings"]>;
