/** `npm start`: installs what is missing, serves the Worker, and tags a picture to show that it works. */
import { readFileSync } from "node:fs";
import { adminToken, keepSweeping, migrate } from "./local.mjs";
import { setUpNode } from "./node.mjs";
import { ROOT } from "./paths.mjs";
import { freePort } from "./port.mjs";
import { Plain, runMain, say } from "./say.mjs";
import { reap, serve } from "./server.mjs";

const PORT = Number(process.env.PORT ?? 8787);
const SAMPLE = "test/fixtures/pictures/tee.jpg";

await runMain(async () => {
  await setUpNode();
  await reap();
  const port = await freePort(PORT);
  if (port !== PORT) say(`port ${PORT} is taken; using ${port}.`);
  await migrate();
  say("starting the Worker …");
  const token = adminToken();
  const server = serve(port, { vars: { HEMLINE_ADMIN_TOKEN: token } });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await server.stop();
    process.exit(0);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
  try {
    await server.ready;
    keepSweeping(server.url);
    await show(server.url, token);
    await server.ended;
    if (!stopping) throw new Plain("the server has ended.");
  } catch (error) {
    if (stopping) return;
    await server.stop();
    throw error;
  }
});

async function show(url, token) {
  const body = readFileSync(`${ROOT}/${SAMPLE}`);
  const response = await fetch(`${url}/v1/tags`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) throw new Plain(`the Worker did not tag ${SAMPLE}: ${text}`);
  console.log(`\nThe tags of ${SAMPLE}:\n${text}\n`);
  console.log(`Hemline answers at ${url}. Open it in a browser, or send a picture of your own:`);
  console.log(`  curl --data-binary @${SAMPLE} ${url}/v1/tags\n`);
  console.log("The work that webhooks have brought:");
  console.log(`  curl -H "authorization: Bearer ${token}" ${url}/v1/assets\n`);
  console.log("Ctrl-C ends it.");
}
