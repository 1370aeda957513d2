import { describe, expect, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import { MapError, parseMap } from "../../../worker/maps/map.ts";
import type { Tags } from "../../../worker/schemas/tags.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const app = createApp(
  hostFinding({
    category: { tee: 0.4, longsleeve_tee: 0.3, jeans: 0.2, none: 0.05, dress: 0.05 },
    attributes: { texture: { striped: 0.9, plaid: 0.6, floral: 0.45 }, style: { casual: 0.55 } },
  }),
);
const jpeg = picture("baseline.jpg");
const SHOP = {
  labels: {
    tee: "T-Shirts",
    longsleeve_tee: "T-Shirts",
    jeans: { word: "Denim", threshold: 0.3 },
    none: false,
    striped: "Patterned",
    plaid: "Patterned",
    floral: { threshold: 0.4 },
    casual: { threshold: 0.6 },
  },
};
const ask = async (query: string, env: Record<string, unknown> = {}) => {
  const bindings = { HEMLINE_ENV: "development", HEMLINE_MAP_SHOP: SHOP, ...env };
  const init = { method: "POST", body: jpeg };
  const response = await app.request(`/v1/tags${query}`, init, bindings as never);
  return {
    status: response.status,
    body: (await response.json()) as Tags & Record<string, unknown>,
  };
};

it("renames, merges, drops, and moves thresholds", async () => {
  const { body } = await ask("?map=shop");
  // 0.4 + 0.3: a picture is one category alone. `jeans` misses its threshold, `none` is dropped.
  expect(body.category).toEqual([
    ["T-Shirts", 0.7],
    ["dress", 0.05],
  ]);
  // The larger of striped and plaid; floral is below the model's threshold, not below the map's.
  expect(body.attributes.texture).toEqual([
    ["Patterned", 0.9],
    ["floral", 0.45],
  ]);
  expect(body.attributes.style).toEqual([]);
});

it("`top` ignores thresholds, the map's too", async () => {
  const { body } = await ask("?map=shop&top=2");
  expect(body.category).toEqual([
    ["T-Shirts", 0.7],
    ["Denim", 0.2],
  ]);
  expect(body.attributes.style[0]).toEqual(["casual", 0.55]);
});

it("`others: drop` leaves what the map names", async () => {
  const map = JSON.stringify({ others: "drop", labels: { dress: "Kleider" } });
  const { body } = await ask("?map=few", { HEMLINE_MAP_FEW: map });
  expect(body.category).toEqual([["Kleider", 0.05]]);
  expect(body.attributes.texture).toEqual([]);
  expect(body.colors).toEqual([]);
});

it("colours become one with their shares added", async () => {
  const { body: plain } = await ask("");
  const labels = Object.fromEntries(plain.colors.map(([id]) => [id, "Colour"]));
  const { body } = await ask("?map=colours", { HEMLINE_MAP_COLOURS: { labels } });
  expect(plain.colors.length).toBeGreaterThan(0);
  const share = plain.colors.reduce((sum, [, , part]) => sum + part, 0);
  expect(body.colors).toEqual([["Colour", plain.colors[0]?.[1], expect.closeTo(share, 2)]]);
});

it("with a language, words stay and other labels get names", async () => {
  const { body } = await ask("?map=shop&lang=de");
  expect(body.category).toEqual([
    ["T-Shirts", 0.7, "T-Shirts"],
    ["dress", 0.05, "Kleid"],
  ]);
});

it("several maps stand side by side, and GET /v1/model lists them", async () => {
  const env = {
    HEMLINE_ENV: "development",
    HEMLINE_MAP_SHOP: SHOP,
    HEMLINE_MAP_OLD_SHOP: '{"labels":{"tee":"Shirts"}}',
  };
  const model = await app.request("/v1/model", {}, env as never);
  expect(await model.json()).toMatchObject({ maps: ["old-shop", "shop"] });
  expect((await ask("?map=old-shop", env)).body.category[0]).toEqual(["Shirts", 0.4]);
});

describe("is refused:", () => {
  it.each(["nobody", "SHOP", "", "a_b", "shop%00"])("a name that is none: %s", async (name) => {
    const { status, body } = await ask(`?map=${name}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "bad_parameter", detail: expect.stringContaining("`map`") });
  });

  it.each([
    ["{", "not JSON"],
    ["[]", "the map: "],
    ['{"labels":{"tshirt":"x"}}', "labels.tshirt: is no label"],
    ['{"labels":{"left_hem":"x"}}', "labels.left_hem: is no label"],
    ['{"labels":{"tee":""}}', "labels.tee: "],
    ['{"labels":{"tee":true}}', "labels.tee: is a word, false, or {word, threshold}"],
    ['{"labels":{"tee":{"threshold":2}}}', "labels.tee"],
    ['{"labels":{"tee":{"thresold":0.2}}}', "labels.tee"],
    ['{"others":"maybe","labels":{}}', 'others: is "keep" or "drop"'],
    ['{"label":{}}', "label"],
  ])("%s, by its path", async (map, detail) => {
    const { status, body } = await ask("?map=bad", { HEMLINE_MAP_BAD: map });
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: "bad_configuration" });
    expect(body.detail).toContain("HEMLINE_MAP_BAD: ");
    expect(body.detail).toContain(detail);
    // The other maps work all the same.
    expect((await ask("?map=shop", { HEMLINE_MAP_BAD: map })).status).toBe(200);
  });

  it("every mistake at once", () => {
    expect(() => parseMap({ others: 1, labels: { tea: "x", coffee: "y" } })).toThrow(MapError);
    try {
      parseMap({ others: 1, labels: { tea: "x", coffee: "y" } });
    } catch (error) {
      expect((error as MapError).problems).toHaveLength(3);
    }
  });
});
