import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { installed } from "./cache.ts";
import type { Peer } from "./peer.ts";
import { freePort, json, startPeer } from "./process.ts";
import { STRAPI } from "./versions.ts";

const admin = { firstname: "A", lastname: "B", email: "admin@example.com", password: "Passw0rd-1" };

/** A Strapi project as small as it can be, in the folder of its packages so that they are found. */
function project(port: number): string {
  const root = mkdtempSync(`${installed("strapi-5.54.0", STRAPI)}/app-`);
  const files = {
    "package.json": JSON.stringify({ name: "peer", private: true, dependencies: STRAPI }),
    "config/server.js": `module.exports = { host: "127.0.0.1", port: ${port}, app: { keys: ["a", "b"] } };`,
    "config/admin.js": `module.exports = { auth: { secret: "s" }, apiToken: { salt: "s" }, transfer: { token: { salt: "s" } }, secrets: { encryptionKey: "0123456789abcdef0123456789abcdef" }, serveAdminPanel: false };`,
    "config/database.js": `module.exports = { connection: { client: "sqlite", connection: { filename: ${JSON.stringify(`${root}/data.db`)} }, useNullAsDefault: true } };`,
    "config/plugins.js": `module.exports = { "users-permissions": { config: { jwtSecret: "s" } } };`,
    "config/middlewares.js": `module.exports = ["errors", "security", "cors", "query", "body", "session", "favicon", "public"].map((name) => "strapi::" + name);`,
    "src/index.js": "module.exports = {};",
    "start.js": `require("@strapi/strapi").createStrapi({ appDir: __dirname, distDir: __dirname }).start();`,
  };
  for (const folder of ["config", "src/api", "public/uploads"]) {
    mkdirSync(`${root}/${folder}`, { recursive: true });
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(`${root}/${name}`, text);
  return root;
}

/** Starts Strapi and registers a webhook with a static header. */
export async function startStrapi(webhook: string, secret: string): Promise<Peer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { NODE_ENV: "development", STRAPI_TELEMETRY_DISABLED: "true" };
  const stop = await startPeer(["start.js"], project(port), env, `${url}/_health`);
  const { data } = await json<{ data: { token: string } }>(
    `${url}/admin/register-admin`,
    { method: "POST" },
    admin,
  );
  const asAdmin = { method: "POST", headers: { authorization: `Bearer ${data.token}` } };
  const events = ["media.create", "media.update", "media.delete"];
  const headers = { Authorization: `Bearer ${secret}` };
  await json(`${url}/admin/webhooks`, asAdmin, { name: "hemline", url: webhook, headers, events });
  const key = await json<{ data: { accessKey: string } }>(`${url}/admin/api-tokens`, asAdmin, {
    name: "hemline",
    description: "",
    type: "full-access",
    lifespan: null,
  });
  const token = key.data.accessKey;
  const authorized = { headers: { authorization: `Bearer ${token}` } };
  return {
    url,
    token,
    stop,
    async upload(name, bytes) {
      const body = new FormData();
      body.set("files", new File([bytes], name, { type: "image/jpeg" }));
      const [file] = await json<{ id: number }[]>(`${url}/api/upload`, {
        ...authorized,
        method: "POST",
        body,
      });
      return String(file?.id);
    },
    async read(id) {
      const file = await json<{ alternativeText: string | null; caption: string | null }>(
        `${url}/api/upload/files/${id}`,
        authorized,
      );
      return { alt: file.alternativeText, tags: file.caption };
    },
    async remove(id) {
      await json(`${url}/api/upload/files/${id}`, { ...authorized, method: "DELETE" });
    },
  };
}
