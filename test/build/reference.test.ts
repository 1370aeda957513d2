import { beforeAll, expect, it } from "vitest";
import { makeDocument } from "../../build/site/reference/document.ts";
import { referencePage } from "../../build/site/reference/page.ts";
import { ERRORS } from "../../worker/errors.ts";

let page: string;
let document: Awaited<ReturnType<typeof makeDocument>>;
beforeAll(async () => {
  document = await makeDocument();
  page = await referencePage(document, { style: "/assets/a.css", icon: "/assets/a.svg" });
});

it("the build makes the app's document", () => {
  expect(Object.keys(document.paths ?? {})).toContain("/v1/tags:batch");
});

it("the reference names every route, parameter, value and error", () => {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const method of Object.keys(methods)) {
      expect(page).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
    }
  }
  for (const name of ["top", "lang", "map", "explain"])
    expect(page).toContain(`<code>${name}</code>`);
  const told = [
    "corrupt_image",
    "busy",
    "unauthorized",
    "rate_limited",
    "url_not_allowed",
  ] as const;
  for (const code of told) expect(page).toContain(ERRORS[code][1]);
});

it("every link inside it leads somewhere, and nothing is twice", () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(30);
  for (const link of links) expect(ids).toContain(link);
});

it("it keeps to the policy: no script, no style within, nothing from elsewhere", () => {
  expect(page).not.toMatch(/<script|<style|style="|https?:\/\/(?!cdn\.example\.com)/);
});

it("text is escaped", async () => {
  const info = { ...document.info, title: "<img src=x>" };
  expect(await referencePage({ ...document, info }, { style: "", icon: "" })).not.toContain("<img");
});
