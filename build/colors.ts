/**
 * What the Worker sees in pictures' colours, for the fit and its score: one implementation.
 * `node build/colors.ts features|tags PICTURES GARMENTS > lines`: PICTURES holds size x size RGB
 * pictures one after another; GARMENTS a JSON line each `{landmarks, presence, category}`; out
 * comes a JSON line each: `{counts, features}` (clusters, largest first) or the colours.
 */
import { readFileSync, writeSync } from "node:fs";
import { preprocess } from "../model/preprocess.ts";
import { lookAtGarment } from "../worker/colors/look.ts";

interface Garment {
  landmarks: number[];
  presence: number[];
  category: string;
}
type Arguments = Parameters<typeof lookAtGarment>;

const rounded = (x: number): number => Math.round(x * 1e5) / 1e5;

function features(...garment: Arguments): unknown {
  const { clusters, features } = lookAtGarment(...garment);
  return { counts: clusters.map(({ count }) => count), features: Array.from(features, rounded) };
}

const [what, picturesFile, garmentsFile] = process.argv.slice(2);
if (!picturesFile || !garmentsFile || (what !== "features" && what !== "tags")) {
  throw new Error("usage: node build/colors.ts features|tags PICTURES GARMENTS");
}
// Only when tags are wanted: the first fit runs before there is a model to import.
const look: (...garment: Arguments) => unknown =
  what === "features"
    ? features
    : (await import("../worker/colors/describe-colors.ts")).describeColors;
const pictures = readFileSync(picturesFile);
const bytes = preprocess.size ** 2 * 3;
const lines = readFileSync(garmentsFile, "utf8").trim().split("\n");
if (pictures.length !== lines.length * bytes) {
  throw new Error(`${picturesFile} does not hold ${lines.length} pictures`);
}
lines.forEach((line, i) => {
  const { landmarks, presence, category } = JSON.parse(line) as Garment;
  const picture = pictures.subarray(i * bytes, (i + 1) * bytes);
  const marks = [Float32Array.from(landmarks), Float32Array.from(presence)] as const;
  writeSync(1, `${JSON.stringify(look(picture, preprocess.size, ...marks, category))}\n`);
});
