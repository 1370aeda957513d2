import { describe, expect, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import type { Tags } from "../../../worker/schemas/tags.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const app = createApp(
  hostFinding({ category: { dress: 0.9 }, attributes: { texture: { floral: 0.8 } } }),
);
const jpeg = picture("baseline.jpg");
const ask = async (query: string, language?: string) => {
  const headers: Record<string, string> = language ? { "accept-language": language } : {};
  const init = { method: "POST", body: jpeg, headers };
  return app.request(`/v1/tags${query}`, init, { HEMLINE_ENV: "development" });
};

it("without a language there are ids alone", async () => {
  const response = await ask("");
  const { category, attributes } = (await response.json()) as Tags;
  expect(category).toEqual([["dress", 0.9]]);
  expect(attributes.texture).toEqual([["floral", 0.8]]);
  expect(response.headers.get("content-language")).toBeNull();
  expect(response.headers.get("vary")).toContain("Accept-Language");
});

it.each([
  ["en", "dress", "floral"],
  ["ko", "원피스", "꽃무늬"],
  ["de", "Kleid", "geblümt"],
  ["fr", "robe", "à fleurs"],
  ["es", "vestido", "de flores"],
  ["ja", "ワンピース", "花柄"],
])("?lang=%s adds the names to the ids", async (lang, dress, floral) => {
  const response = await ask(`?lang=${lang}`);
  const { category, attributes, colors } = (await response.json()) as Tags;
  expect(category).toEqual([["dress", 0.9, dress]]);
  expect(attributes.texture).toEqual([["floral", 0.8, floral]]);
  for (const color of colors) expect(color).toHaveLength(4);
  expect(response.headers.get("content-language")).toBe(lang);
});

describe("Accept-Language", () => {
  it.each([
    ["ko", "ko"],
    ["de-AT", "de"],
    ["FR-ca;q=0.8, en;q=0.5", "fr"],
    ["en;q=0.5, ja;q=0.9", "ja"],
    ["pt-BR, es;q=0.2", "es"],
    ["de;q=0, en;q=0.1", "en"],
    ["pt, zh;q=0.9", null],
    ["*", null],
    ["de;q=0", null],
    ["nonsense;;;", null],
  ])("%s gives %s", async (header, language) => {
    const response = await ask("", header);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-language")).toBe(language);
  });

  it("yields to ?lang=", async () => {
    expect((await ask("?lang=fr", "ko")).headers.get("content-language")).toBe("fr");
  });
});

it.each(["pt", "KO", "", "ko-KR"])("?lang=%s is refused with the list", async (lang) => {
  const response = await ask(`?lang=${lang}`, "ko");
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: "bad_parameter",
    detail: "`lang` is one of en, ko, de, fr, es, ja.",
  });
});

it("GET /v1/model has every name by its id", async () => {
  const path = "/v1/model?lang=ko";
  const response = await app.request(path, {}, { HEMLINE_ENV: "development" });
  expect(await response.json()).toMatchObject({
    names: { dress: "원피스", texture: "패턴", navy: "네이비" },
  });
  expect(response.headers.get("content-language")).toBe("ko");
});
