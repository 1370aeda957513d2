import { describe, expect, it } from "vitest";
import { kinds, readSources } from "../../../worker/cms/sources.ts";

const strapi = { kind: "strapi", base: "https://cms.example.com" };
const secrets = { SOURCE_SHOP_SECRET: "a", SOURCE_SHOP_TOKEN: "t" };

const read = (shop: unknown, more: Record<string, unknown> = {}) =>
  readSources({ SOURCES: JSON.stringify({ shop }), ...secrets, ...more });

it("reads any number, several of one kind, each with its own secrets", () => {
  const { ready, problems } = readSources({
    SOURCES: JSON.stringify({
      "shop-one": strapi,
      "shop-two": { ...strapi, base: "https://two.example.com" },
    }),
    SOURCE_SHOP_ONE_SECRET: "a",
    SOURCE_SHOP_ONE_SECRET_2: "b",
    SOURCE_SHOP_ONE_TOKEN: "t",
    SOURCE_SHOP_TWO_SECRET: "c",
    SOURCE_SHOP_TWO_TOKEN: "u",
  });
  expect(problems).toEqual([]);
  expect(ready.get("shop-one")?.source).toMatchObject({ secrets: ["a", "b"], token: "t" });
  expect(ready.get("shop-two")?.source).toMatchObject({ secrets: ["c"], token: "u" });
});

it("is empty where nothing is set", () => {
  expect(readSources({})).toEqual({ ready: new Map(), problems: [] });
});

it("fills in sensible defaults", () => {
  expect(read(strapi).ready.get("shop")?.source.options).toEqual({
    kind: "strapi",
    base: "https://cms.example.com",
    hosts: [],
    auth: { type: "header", header: "authorization" },
    write: {
      alt: { field: "alternativeText", template: "{color} {texture} {category}" },
      tags: { field: "caption", prefix: "hemline:" },
    },
  });
});

it.each(Object.keys(kinds).filter((kind) => kind !== "r2"))("a %s source needs little", (kind) => {
  const { ready, problems } = read({
    kind,
    ...(kind === "standard" ? {} : { base: "https://cms.example.com" }),
  });
  expect(problems).toEqual([]);
  expect(ready.has("shop")).toBe(true);
});

it("has a language for its words, or says which there are", () => {
  expect(read({ ...strapi, lang: "de" }).ready.get("shop")?.source.options.lang).toBe("de");
  expect(read({ ...strapi, lang: "xx" }).problems).toEqual([
    "SOURCES.shop.lang: is one of en, ko, de, fr, es, ja",
  ]);
});

it("an r2 source needs its binding", () => {
  const r2 = { kind: "r2", bucket: "uploads", binding: "UPLOADS" };
  expect(read(r2, { UPLOADS: {} }).problems).toEqual([]);
  expect(read(r2).problems).toEqual(["SOURCES.shop.binding: names no R2 bucket of this Worker"]);
});

describe("an error names the path", () => {
  it.each([
    ["SOURCES.shop.kind", { ...strapi, kind: "drupal" }],
    ["SOURCES.shop.base", { kind: "strapi" }],
    ["SOURCES.shop.base", { ...strapi, base: "cms.example.com" }],
    ["SOURCES.shop.base", { ...strapi, base: "http://cms.example.com" }],
    ["SOURCES.shop.base", { ...strapi, base: "https://127.0.0.1" }],
    ["SOURCES.shop.base", { ...strapi, base: "https://cms.example.com:1337" }],
    ["SOURCES.shop.hosts.1", { ...strapi, hosts: ["a.example.com", "https://b.example.com"] }],
    ["SOURCES.shop.hosts.0", { ...strapi, hosts: ["*"] }],
    ["SOURCES.shop.hosts.0", { ...strapi, hosts: ["*.com"] }],
    ["SOURCES.shop.hosts.0", { ...strapi, hosts: ["10.0.0.1"] }],
    ["SOURCES.shop.write.alt.template", { ...strapi, write: { alt: { template: "{colour}" } } }],
    ["SOURCES.shop.write.tags.feild", { ...strapi, write: { tags: { feild: "x" } } }],
    [
      "SOURCES.shop.write.tags.prefix",
      { kind: "cloudinary", base: "https://a.example.com", write: { tags: { prefix: "" } } },
    ],
    ["SOURCES.shop.writes", { ...strapi, writes: false }],
    ["SOURCES.shop.base", { kind: "standard", write: { path: "/media/{id}" } }],
    [
      "SOURCES.shop.write.path",
      { kind: "standard", base: "https://a.example.com", write: { path: "/media" } },
    ],
  ])("%s", (path, source) => {
    const { ready, problems } = read(source);
    expect(ready.size).toBe(0);
    // Unrecognised keys are named in the message of the object that holds them.
    expect(problems.join()).toContain(path.split(".").slice(0, -1).join("."));
    expect(problems.join()).toContain(path.split(".").at(-1));
  });

  it.each([
    ["SOURCES: must be a JSON object", { SOURCES: "{" }],
    ["SOURCES: must be a JSON object", { SOURCES: "7" }],
    ["SOURCES.Shop: a name is", { SOURCES: '{"Shop":{}}' }],
    [
      "SOURCES.shop: the secret SOURCE_SHOP_SECRET is not set",
      { SOURCES: JSON.stringify({ shop: strapi }), SOURCE_SHOP_TOKEN: "t" },
    ],
    [
      "SOURCES.shop.write: needs the secret SOURCE_SHOP_TOKEN",
      { SOURCES: JSON.stringify({ shop: strapi }), SOURCE_SHOP_SECRET: "s" },
    ],
  ])("%s", (problem, env) => {
    expect(readSources(env).problems.join()).toContain(problem);
  });
});

it("allows http, an IP address and a port in development", () => {
  const local = { ...strapi, base: "http://127.0.0.1:1337", hosts: ["http://127.0.0.1:9000"] };
  expect(read(local, { HEMLINE_ENV: "development" }).problems).toEqual([]);
  expect(read(local).problems.map((text) => text.split(":")[0])).toEqual([
    "SOURCES.shop.hosts.0",
    "SOURCES.shop.base",
  ]);
});

it("never repeats a secret in an error", () => {
  const { problems } = readSources({
    SOURCES: JSON.stringify({ shop: { kind: "x" } }),
    SOURCE_SHOP_SECRET: "hush",
  });
  expect(problems.join()).not.toContain("hush");
});
