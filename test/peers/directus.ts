import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { installed } from "./cache.ts";
import type { Peer } from "./peer.ts";
import { freePort, json, peerProcess, startPeer } from "./process.ts";
import { DIRECTUS } from "./versions.ts";

const token = "directus-admin-token-for-tests";

/** Starts Directus and makes two Flows: files uploaded, and files deleted, each sent as they are. */
export async function startDirectus(webhook: string, secret: string): Promise<Peer> {
  const packages = installed("directus-12.4.0", DIRECTUS);
  const data = mkdtempSync(`${tmpdir()}/hemline-directus-`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: url,
    SECRET: "secret-for-tests",
    DB_CLIENT: "sqlite3",
    DB_FILENAME: `${data}/data.db`,
    STORAGE_LOCATIONS: "local",
    STORAGE_LOCAL_ROOT: `${data}/uploads`,
    ADMIN_EMAIL: "admin@example.com",
    ADMIN_PASSWORD: "Passw0rd-1",
    ADMIN_TOKEN: token,
    TELEMETRY: "false",
    // Otherwise requests of Flows to this machine are dropped without a word.
    IMPORT_IP_DENY_LIST: "169.254.169.254",
  };
  const cli = `${packages}/node_modules/directus/cli.js`;
  const bootstrap = peerProcess([cli, "bootstrap"], packages, env);
  bootstrap.stdout?.resume();
  bootstrap.stderr?.pipe(process.stderr);
  const [status] = await once(bootstrap, "exit");
  if (status !== 0) throw new Error("directus bootstrap failed");
  const stop = await startPeer([cli, "start"], packages, env, `${url}/server/ping`);
  const authorized = { headers: { authorization: `Bearer ${token}` } };
  const post = { ...authorized, method: "POST" };
  for (const scope of ["files.upload", "files.delete"]) {
    const flow = await json<{ data: { id: string } }>(`${url}/flows`, post, {
      name: scope,
      status: "active",
      trigger: "event",
      options: { type: "action", scope: [scope] },
    });
    const operation = await json<{ data: { id: string } }>(`${url}/operations`, post, {
      name: "send",
      key: "send",
      type: "request",
      position_x: 19,
      position_y: 1,
      flow: flow.data.id,
      options: {
        method: "POST",
        url: webhook,
        headers: [{ header: "Authorization", value: `Bearer ${secret}` }],
        body: "{{$trigger}}",
      },
    });
    const patch = { ...authorized, method: "PATCH" };
    await json(`${url}/flows/${flow.data.id}`, patch, { operation: operation.data.id });
  }
  return {
    url,
    token,
    stop,
    async upload(name, bytes) {
      const body = new FormData();
      body.set("file", new File([bytes], name, { type: "image/jpeg" }));
      return (await json<{ data: { id: string } }>(`${url}/files`, { ...post, body })).data.id;
    },
    async read(id) {
      const { data: file } = await json<{
        data: { description: string | null; tags: string[] | null };
      }>(`${url}/files/${id}`, authorized);
      return { alt: file.description, tags: file.tags?.join(", ") ?? null };
    },
    async remove(id) {
      await json(`${url}/files/${id}`, { ...authorized, method: "DELETE" });
    },
  };
}
