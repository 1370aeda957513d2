import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../needs.ts";
import { PHOTOS } from "../photos.ts";
import { startDirectus } from "./directus.ts";
import type { Peer } from "./peer.ts";
import { until } from "./process.ts";
import { type Relay, startRelay } from "./relay.ts";
import { startStrapi } from "./strapi.ts";
import { startWorker, type Worker } from "./worker.ts";

const secret = "peer-secret-for-tests";
const minutes = 60_000;

describeWith(["photos"], "real senders", () => {
  describe.each([
    ["strapi", startStrapi],
    ["directus", startDirectus],
  ] as const)("%s", (kind, start) => {
    let relay: Relay;
    let peer: Peer;
    let worker: Worker;
    const photos = readdirSync(`${PHOTOS}/images`).sort().slice(0, 8);
    const upload = (name: string) =>
      peer.upload(name, Uint8Array.from(readFileSync(`${PHOTOS}/images/${name}`)));

    beforeAll(async () => {
      relay = await startRelay();
      peer = await start(relay.url, secret);
      worker = await startWorker({
        SOURCES: JSON.stringify({ shop: { kind, base: peer.url } }),
        SOURCE_SHOP_SECRET: secret,
        SOURCE_SHOP_TOKEN: peer.token,
      });
      relay.target = `${worker.url}/v1/webhooks/shop`;
    }, 30 * minutes);

    afterAll(async () => {
      await worker?.stop();
      await peer?.stop();
      relay?.stop();
    }, minutes);

    const [first = "", ...others] = photos;

    it("an uploaded photograph has its tags in the CMS", { timeout: 5 * minutes }, async () => {
      const id = await upload(first);
      const [row] = await worker.written(1);
      expect(row).toMatchObject({ id, status: "written", attempts: 1 });
      const { alt, tags } = await peer.read(id);
      const category = row?.tags?.category[0]?.[0]?.replaceAll("_", " ") ?? "";
      expect(tags).toContain(category);
      expect(tags).toContain("hemline:");
      expect(alt?.toLowerCase()).toContain(category);
      console.log(`${kind}: ${JSON.stringify({ alt, tags })}`);
    });

    it("our own write-back starts nothing", { timeout: minutes }, async () => {
      await worker.sweep();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(await worker.rows()).toMatchObject([{ status: "written", attempts: 1 }]);
    });

    it("the same delivery twice gives one result", { timeout: minutes }, async () => {
      const delivery = relay.recorded[0];
      const response = await fetch(relay.target, { method: "POST", ...delivery });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: "duplicate" });
      expect(await worker.rows()).toMatchObject([{ status: "written", attempts: 1 }]);
    });

    it("killed between webhook and consumption, and while others arrive: nothing is lost", {
      timeout: 15 * minutes,
    }, async () => {
      const uploads = others.slice(0, -1).map(upload);
      const seen = await until(async () => {
        const rows = await worker.rows();
        return rows.some(({ status }) => status === "pending") && rows;
      }, minutes);
      await worker.kill();
      const ids = await Promise.all(uploads);
      // And one delivery that finds nobody: neither CMS ever repeats it.
      ids.push(await upload(others.at(-1) ?? ""));
      console.log(
        `${kind}: killed with ${seen.filter(({ status }) => status === "pending").length} pending`,
      );
      await worker.restart();
      relay.target = `${worker.url}/v1/webhooks/shop`;
      const rows = await worker.written(photos.length, 12 * minutes);
      expect(rows).toHaveLength(photos.length);
      for (const id of ids) expect((await peer.read(id)).tags).toContain("hemline:");
    });

    it("a deletion in the CMS erases the row", { timeout: 2 * minutes }, async () => {
      const [row] = await worker.rows();
      await peer.remove(row?.id ?? "");
      await until(async () => !(await worker.rows()).some(({ id }) => id === row?.id), minutes);
    });
  });
});
