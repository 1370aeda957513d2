import type { Tags } from "../../schemas/tags.ts";
import { el, svg } from "../dom.ts";
import type { Heatmap } from "../tagging/explain.ts";
import { nameOf } from "../words/label-names.ts";
import { say } from "../words/words.ts";
import { drawHeatmap } from "./heatmap.ts";

/** Radius of a landmark, in thousandths of the picture's longer side; lines are of one pixel width. */
const RADIUS = 9;
const SPAN = 1000;

/** The picture with the landmarks on it; `heat` lays a heatmap over it or takes it away. */
export interface Figure {
  element: HTMLElement;
  heat(map: Heatmap | undefined): void;
  landmarks(shown: boolean): void;
}

export function figure(file: string, address: string, tags: Tags | undefined): Figure {
  const alt = tags === undefined ? file : say("pictureOf", { file, landmarks: inWords(tags) });
  const picture = el("img", { src: address, alt, class: "picture" });
  const heatmap = el("canvas", { class: "heatmap", hidden: true, "aria-hidden": "true" });
  const marks = tags === undefined ? undefined : overlay(tags);
  const frame = el("div", { class: "frame" }, picture, heatmap, marks);
  picture.addEventListener("error", () => {
    picture.replaceWith(el("p", { class: "no-preview muted" }, say("noPreview")));
    frame.classList.add("is-bare");
  });
  return {
    element: frame,
    heat(map) {
      heatmap.hidden = map === undefined;
      frame.classList.toggle("is-heated", map !== undefined);
      if (map !== undefined) drawHeatmap(heatmap, map);
    },
    landmarks: (shown) => marks?.classList.toggle("is-hidden", !shown),
  };
}

function inWords({ landmarks }: Tags): string {
  const names = Object.keys(landmarks).map(nameOf);
  return names.length === 0 ? say("noLandmarks") : `${say("landmarks")}: ${names.join(", ")}`;
}

/** Marks and, between the two of a pair, a basting thread. */
function overlay({ landmarks, image }: Tags): SVGElement {
  const scale = SPAN / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const at = (name: string): readonly [number, number] | undefined => {
    const found = landmarks[name];
    return found && [found[0] * width, found[1] * height];
  };
  const names = Object.keys(landmarks);
  const threads = names.flatMap((name) => {
    const [from, to] = [at(name), at(name.replace("left_", "right_"))];
    if (!name.startsWith("left_") || from === undefined || to === undefined) return [];
    const line = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
    return [
      svg("line", { ...line, class: "thread-under" }),
      svg("line", { ...line, class: "thread" }),
    ];
  });
  const points = names.map((name) => {
    const [x, y] = at(name) ?? [0, 0];
    return svg(
      "g",
      { class: "mark", transform: `translate(${x} ${y})`, "data-landmark": name },
      svg("circle", { r: RADIUS * 2.2, class: "mark-halo" }),
      svg("circle", { r: RADIUS, class: "mark-dot" }),
      svg("title", {}, nameOf(name)),
    );
  });
  const box = { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" };
  return svg("svg", { ...box, class: "marks", "aria-hidden": "true" }, ...threads, ...points);
}
