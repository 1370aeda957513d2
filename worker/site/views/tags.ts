import { GROUPS } from "../../../model/labels.ts";
import type { Tags } from "../../schemas/tags.ts";
import { el, styled } from "../dom.ts";
import { categoryName, nameOf } from "../words/label-names.ts";
import { inPercent, say } from "../words/words.ts";

/** Category, attributes and colours. */
export function tagsPanel(tags: Tags): HTMLElement {
  return el(
    "section",
    { class: "tags", "aria-labelledby": "tags-title" },
    el("h2", { id: "tags-title", class: "spoken" }, say("tags")),
    category(tags),
    ...GROUPS.map((group) => attributesOf(group, tags)),
    colors(tags),
  );
}

function category({ category }: Tags): HTMLElement {
  const [best, ...others] = category;
  return el(
    "div",
    { class: "category" },
    el("h3", { class: "label" }, say("category")),
    best && el("p", { class: "best" }, el("span", {}, categoryName(best[0])), score(best[1])),
    best &&
      styled(el("div", { class: "meter", "aria-hidden": "true" }), { "--share": String(best[1]) }),
    others.length > 0 &&
      el(
        "ul",
        { class: "others" },
        ...others.map(([id, value]) => el("li", {}, categoryName(id), " ", score(value))),
      ),
  );
}

function attributesOf(group: (typeof GROUPS)[number], { attributes }: Tags): HTMLElement | false {
  const found = attributes[group];
  if (found.length === 0) return false;
  return el(
    "div",
    { class: "group" },
    el("h3", { class: "label" }, nameOf(group)),
    el(
      "ul",
      { class: "chips" },
      ...found.map(([id, value]) =>
        el("li", { class: "chip", "data-label": id }, nameOf(id), " ", score(value)),
      ),
    ),
  );
}

function colors({ colors }: Tags): HTMLElement | false {
  if (colors.length === 0) return false;
  const bar = colors.map(([, hex, share]) =>
    styled(el("span"), { "--swatch": hex, "--share": String(share) }),
  );
  return el(
    "div",
    { class: "group" },
    el("h3", { class: "label" }, say("colors")),
    el("div", { class: "color-bar", "aria-hidden": "true" }, ...bar),
    el("ul", { class: "colors" }, ...colors.map(color)),
  );
}

function color([id, hex, share]: Tags["colors"][number]): HTMLElement {
  return el(
    "li",
    {},
    styled(el("span", { class: "swatch", "aria-hidden": "true" }), { "--swatch": hex }),
    el("span", {}, nameOf(id)),
    el("code", {}, hex),
    score(share),
  );
}

/** In hundredths. */
const score = (value: number): HTMLElement =>
  el("span", { class: "score" }, `${inPercent(value)}%`);
