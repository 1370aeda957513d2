import { beforeEach, describe, expect, it } from "vitest";
import type { Upload } from "../../../worker/cms/kind.ts";
import { consume } from "../../../worker/jobs/consume.ts";
import { restartOne } from "../../../worker/store/browse.ts";
import { record } from "../../../worker/store/intake.ts";
import {
  type Cms,
  changes,
  db,
  dress,
  skirt,
  start,
  type TestShop,
  workshop,
} from "../jobs/workshop.ts";
import { clear, rows } from "../routes/harness.ts";

beforeEach(clear);

const ours = ["hemline:dress", "hemline:floral", "hemline:navy"];

/** Runs an upload through the whole path against a CMS that is a function. */
async function tag(
  source: Record<string, unknown>,
  upload: Omit<Upload, "type">,
  cms: Cms,
): Promise<TestShop> {
  const shop = workshop(source, (call) => (call.url === upload.ref.url ? "picture" : cms(call)));
  await record(db, "shop", null, [{ type: "upload", ...upload }], [], start);
  await consume({ source: "shop", asset: upload.asset, generation: 1 }, shop);
  return shop;
}

/** The same asset again, by a newer model that sees a skirt. */
async function again(shop: TestShop, asset: string): Promise<void> {
  shop.model = "hemline-2";
  shop.answer = skirt;
  const job = await restartOne(db, "shop", asset, start);
  if (job !== undefined) await consume(job, shop);
}

const status = async () => (await rows()).map((row) => row.reason ?? row.status);

describe("directus", () => {
  const source = { kind: "directus", base: "https://directus.example.com" };
  const asset = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  const upload = { asset, identity: "a", ref: {} };

  it("patches tags and description beside people's, and fetches the file with the token", async () => {
    const file: Record<string, unknown> = { tags: ["summer"], description: null };
    const cms: Cms = ({ method, url, headers, body }) => {
      if (url.endsWith(`/assets/${asset}`))
        return headers.get("authorization") === "Bearer token" ? "picture" : undefined;
      if (method === "PATCH") Object.assign(file, JSON.parse(body));
      return { data: file };
    };
    const shop = await tag(source, upload, cms);
    expect(await status()).toEqual(["written"]);
    expect(file).toEqual({ tags: ["summer", ...ours], description: "Navy floral dress" });
    file.tags = [...(file.tags as string[]), "sale"];
    await again(shop, asset);
    expect(file).toEqual({
      tags: ["summer", "sale", "hemline:skirt", "hemline:floral", "hemline:navy"],
      description: "Navy floral skirt",
    });
  });

  it("writes the whole answer where a field for it is named", async () => {
    const cms: Cms = ({ url }) => (url.includes("/assets/") ? "picture" : { data: {} });
    const shop = await tag(
      { ...source, write: { tags: false, alt: false, metadata: { field: "hemline" } } },
      upload,
      cms,
    );
    expect(JSON.parse(changes(shop)[0]?.body ?? "")).toEqual({ hemline: dress });
  });
});

describe("standard", () => {
  const upload = { asset: "4", identity: "a", ref: { url: "https://blog.example.com/a.jpg" } };

  it("writes to Payload by PATCH", async () => {
    const doc: Record<string, unknown> = { id: 4, alt: "A person's words", tags: null };
    const source = {
      kind: "standard",
      base: "https://blog.example.com",
      auth: { scheme: "users API-Key" },
      write: { path: "/api/media/{id}" },
    };
    const shop = await tag(source, upload, ({ method, body }) => {
      if (method === "PATCH") Object.assign(doc, JSON.parse(body));
      return doc;
    });
    expect(doc).toMatchObject({ alt: "A person's words", tags: ours });
    expect(changes(shop)[0]?.headers.get("authorization")).toBe("users API-Key token");
    expect(changes(shop)[0]?.url).toBe("https://blog.example.com/api/media/4");
  });

  it("writes to WordPress by POST, into a field of its own", async () => {
    const source = {
      kind: "standard",
      base: "https://blog.example.com",
      auth: { scheme: "Basic" },
      write: {
        path: "/wp-json/wp/v2/media/{id}",
        method: "POST",
        tags: { field: "meta.hemline_tags", prefix: "" },
        alt: { field: "alt_text" },
      },
    };
    const shop = await tag(source, upload, () => ({
      alt_text: "",
      meta: { hemline_tags: ["old"], other: 1 },
    }));
    expect(changes(shop).map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      [
        "POST",
        { alt_text: "Navy floral dress", meta: { hemline_tags: ["dress", "floral", "navy"] } },
      ],
    ]);
  });
});

describe("sanity", () => {
  const source = { kind: "sanity", base: "https://p1.api.sanity.io/v2025-02-19" };
  const asset = "image-00-640x800-jpg";
  const upload = {
    asset,
    identity: asset,
    ref: { url: "https://cdn.sanity.io/images/p1/production/00-640x800.jpg" },
  };

  it("patches the asset document at the revision it read", async () => {
    const shop = await tag(source, upload, ({ method }) =>
      method === "GET" ? { documents: [{ _id: asset, _rev: "r7" }] } : {},
    );
    expect(await status()).toEqual(["written"]);
    const [change] = changes(shop);
    expect(change?.url).toBe("https://p1.api.sanity.io/v2025-02-19/data/mutate/production");
    expect(JSON.parse(change?.body ?? "")).toEqual({
      mutations: [
        {
          patch: {
            id: asset,
            ifRevisionID: "r7",
            set: { altText: "Navy floral dress", hemlineTags: ["dress", "floral", "navy"] },
          },
        },
      ],
    });
  });

  it("starts over from a fresh read where somebody wrote meanwhile", async () => {
    await tag(source, upload, ({ method }) =>
      method === "GET" ? { documents: [{ _rev: "r" }] } : new Response(null, { status: 409 }),
    );
    expect(await rows()).toMatchObject([
      { status: "tagged", reason: "cms_conflict", due_at: expect.any(Number) },
    ]);
  });
});

describe("contentful", () => {
  const base = "https://api.contentful.com/spaces/s/environments/master";
  const source = { kind: "contentful", base };
  const upload = {
    asset: "a1",
    identity: "x",
    ref: { url: "https://images.ctfassets.net/s/a1/f/dress.jpg", locale: "de" },
  };
  const known = new Set<string>();
  let asset: {
    sys: Record<string, unknown>;
    fields: Record<string, unknown>;
    metadata: { tags: { sys: { id: string } }[] };
  };

  const cms: Cms = ({ method, url, headers, body }) => {
    const tagId = /\/tags\/(.*)$/.exec(url)?.[1];
    if (tagId !== undefined) {
      if (method === "PUT") known.add(tagId);
      return known.has(tagId) ? { sys: { id: tagId } } : undefined;
    }
    if (method === "GET") return asset;
    if (headers.get("x-contentful-version") !== String(asset.sys.version))
      return new Response(null, { status: 409 });
    if (url.endsWith("/published")) asset.sys.publishedVersion = asset.sys.version;
    else Object.assign(asset, JSON.parse(body));
    asset.sys = { ...asset.sys, version: Number(asset.sys.version) + 1 };
    return asset;
  };

  beforeEach(() => {
    known.clear();
    known.add("hemline-dress");
    asset = {
      sys: { id: "a1", version: 5, publishedVersion: 4 },
      fields: { title: { de: "Kleid" }, file: { de: { url: "x" } } },
      metadata: { tags: [{ sys: { id: "summer" } }] },
    };
  });

  it("puts tags, makes those that lack, keeps the rest, and publishes what was published", async () => {
    const shop = await tag(source, upload, cms);
    expect(await status()).toEqual(["written"]);
    expect(asset.metadata.tags.map(({ sys }) => sys.id)).toEqual([
      "summer",
      "hemline-dress",
      "hemline-floral",
      "hemline-navy",
    ]);
    expect(asset.fields).toEqual({
      title: { de: "Kleid" },
      file: { de: { url: "x" } },
      description: { de: "Navy floral dress" },
    });
    expect(changes(shop).map(({ method, url }) => `${method} ${url.slice(base.length)}`)).toEqual([
      "PUT /tags/hemline-floral",
      "PUT /tags/hemline-navy",
      "PUT /assets/a1",
      "PUT /assets/a1/published",
    ]);
  });

  it.each([
    ["a person's unpublished changes", { version: 9, publishedVersion: 4 }],
    ["an asset never published", { version: 1 }],
  ])("does not publish %s", async (_, sys) => {
    asset.sys = { id: "a1", ...sys };
    const shop = await tag(source, upload, cms);
    expect(await status()).toEqual(["written"]);
    expect(changes(shop).some(({ url }) => url.endsWith("/published"))).toBe(false);
  });
});

describe("shopify", () => {
  const source = { kind: "shopify", base: "https://shop-one.myshopify.com/admin/api/2026-10" };
  const parent = "gid://shopify/Product/1";
  const picture = (id: number) => ({
    asset: `gid://shopify/MediaImage/${id}`,
    identity: `u${id}`,
    parent,
    ref: { url: `https://cdn.shopify.com/${id}.jpg` },
  });
  let product: { tags: string[]; media: { nodes: { id: string; alt: string | null }[] } };

  const cms: Cms = ({ url, body }) => {
    if (url.endsWith(".jpg")) return url; // other bytes for each: the same would not be tagged twice
    const { query, variables } = JSON.parse(body);
    if (query.includes("tagsAdd")) product.tags.push(...variables.tags);
    else if (query.includes("tagsRemove"))
      product.tags = product.tags.filter((tag) => !variables.tags.includes(tag));
    else if (query.includes("fileUpdate")) {
      for (const node of product.media.nodes)
        if (node.id === variables.files[0].id) node.alt = variables.files[0].alt;
    } else return { data: { product } };
    return { data: { result: { userErrors: [] } } };
  };

  beforeEach(() => {
    product = {
      tags: ["sale", "hemline:old"],
      media: { nodes: [1, 2].map((id) => ({ id: picture(id).asset, alt: null })) },
    };
  });

  it("gives a product the tags of all its pictures, and each picture its own alt text", async () => {
    const shop = await tag(source, picture(1), cms);
    expect(product.tags).toEqual(["sale", ...ours]);
    await record(db, "shop", null, [{ type: "upload", ...picture(2) }], [], start);
    shop.answer = skirt;
    shop.tag = async () => skirt;
    await consume({ source: "shop", asset: picture(2).asset, generation: 1 }, shop);
    expect(product.tags).toEqual(["sale", ...ours, "hemline:skirt"]);
    expect(product.media.nodes.map(({ alt }) => alt)).toEqual([
      "Navy floral dress",
      "Navy floral skirt",
    ]);
    expect(shop.calls.at(-1)?.headers.get("x-shopify-access-token")).toBe("token");
  });

  it("drops the tags of a picture that was taken out", async () => {
    const shop = await tag(source, picture(1), cms);
    product.media.nodes.shift();
    await record(db, "shop", null, [{ type: "upload", ...picture(2) }], [], start);
    shop.tag = async () => skirt;
    await consume({ source: "shop", asset: picture(2).asset, generation: 1 }, shop);
    expect(product.tags).toEqual(["sale", "hemline:floral", "hemline:navy", "hemline:skirt"]);
  });

  it("works on one picture of a product at a time", async () => {
    const shop = workshop(source, cms);
    await record(
      db,
      "shop",
      null,
      [1, 2].map((id) => ({ type: "upload", ...picture(id) }) as const),
      [],
      start,
    );
    const jobs = [1, 2].map((id) => ({ source: "shop", asset: picture(id).asset, generation: 1 }));
    const outcomes = await Promise.all(jobs.map((job) => consume(job, shop)));
    expect(outcomes.map(({ type }) => type).sort()).toEqual(["again", "done"]);
  });

  it("waits where it is throttled, and gives up where it is refused", async () => {
    await tag(source, picture(1), () => ({
      errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
    }));
    expect(await status()).toEqual(["cms_unavailable"]);
    await clear();
    await tag(source, picture(1), () => ({
      errors: [{ message: "Access denied", extensions: { code: "ACCESS_DENIED" } }],
    }));
    expect(await rows()).toMatchObject([{ status: "failed", reason: "cms_refused" }]);
  });
});

describe("storyblok", () => {
  const source = { kind: "storyblok", base: "https://mapi.storyblok.com/v1/spaces/288868" };
  const upload = { asset: "65", identity: "65", ref: {} };

  it("asks for the address, then puts internal tags and alt text", async () => {
    const asset: Record<string, unknown> = {
      filename: "https://s3.amazonaws.com/a.storyblok.com/f/288868/640x800/ab/dress.jpg",
      content_type: "image/jpeg",
      internal_tags_list: [{ id: 1, name: "summer" }],
      meta_data: { title: "T" },
    };
    const tags = [
      { id: 1, name: "summer" },
      { id: 2, name: "hemline:dress" },
    ];
    const shop = await tag(source, upload, ({ method, url, body }) => {
      if (url === "https://a.storyblok.com/f/288868/640x800/ab/dress.jpg") return "picture";
      if (!url.includes("/internal_tags")) return method === "GET" ? asset : {};
      if (method === "GET") return { internal_tags: tags };
      tags.push({ id: tags.length + 1, name: JSON.parse(body).internal_tag.name });
      return { internal_tag: tags.at(-1) };
    });
    expect(await status()).toEqual(["written"]);
    const put = changes(shop).find(({ method }) => method === "PUT");
    expect(JSON.parse(put?.body ?? "")).toEqual({
      meta_data: { title: "T", alt: "Navy floral dress" },
      internal_tag_ids: [1, 2, 3, 4],
    });
    expect(put?.headers.get("authorization")).toBe("token");
  });

  it("does not fetch what is no picture", async () => {
    await tag(source, upload, () => ({
      filename: "https://a.storyblok.com/f/1/a.pdf",
      content_type: "application/pdf",
    }));
    expect(await rows()).toMatchObject([{ status: "failed", reason: "unsupported_type" }]);
  });
});

describe("cloudinary", () => {
  const source = {
    kind: "cloudinary",
    base: "https://api.cloudinary.com/v1_1/demo",
    write: { metadata: { field: "hemline" } },
  };
  const upload = {
    asset: "0a1b",
    identity: "1",
    ref: {
      url: "https://res.cloudinary.com/demo/image/upload/v1/shop/a%20b.jpg",
      publicId: "shop/a b",
      delivery: "upload",
    },
  };

  it("sends everything that stands in the lists, with ours", async () => {
    const shop = await tag(source, upload, ({ method }) =>
      method === "GET"
        ? { tags: ["sale", "hemline:old"], context: { custom: { caption: "a=b|c" } } }
        : {},
    );
    expect(await status()).toEqual(["written"]);
    const [change] = changes(shop);
    expect(change?.url).toBe(
      "https://api.cloudinary.com/v1_1/demo/resources/image/upload/shop/a%20b",
    );
    expect(change?.headers.get("authorization")).toBe(`Basic ${btoa("token")}`);
    const form = new URLSearchParams(change?.body);
    expect(form.get("tags")).toBe(["sale", ...ours].join(","));
    const json = JSON.stringify(dress);
    expect(form.get("context")).toBe(`caption=a\\=b\\|c|alt=Navy floral dress|hemline=${json}`);
  });
});
