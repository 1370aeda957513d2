/**
 * `npm run bench:scales`: do the tags stay the same when a JPEG is decoded at a smaller scale? Real
 * photographs, enlarged so that a scale gives 1 to 1.5 times the network's input, then full and
 * scaled decode side by side through the network.
 */
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import sharp from "sharp";
import weights from "../../model/artefact/weights.bin";
import { labels } from "../../model/labels.ts";
import { preprocess } from "../../model/preprocess.ts";
import { startTagger } from "../../worker/hosts/workerd.ts";
import { JpegDecoder, type Size } from "../../worker/image/jpeg/decoder.ts";
import jpeg from "../../worker/image/jpeg/jpeg.wasm";
import { prepare } from "../../worker/image/prepare.ts";
import { PHOTOS } from "../photos.ts";

const { values } = parseArgs({ options: { photographs: { type: "string", default: "300" } } });
const LIMIT = 512_000_000;
const tagger = startTagger(simd, weights);
const decoder = new JpegDecoder(jpeg);
const names = readdirSync(`${PHOTOS}/images`).sort();
const step = Math.floor(names.length / Number(values.photographs));

/** Probabilities of everything but landmarks, of one decode. */
function scores(bytes: Uint8Array, size: Size) {
  const square = decoder.square(decoder.open(bytes)[size], preprocess.size, LIMIT);
  const { category, attributes } = tagger.infer(prepare(square, 1));
  const best = category.indexOf(Math.max(...category));
  return { best, all: [...category, ...Object.values(attributes).flatMap((group) => [...group])] };
}

/** The 95% bootstrap interval of a mean, seed fixed. */
function interval(sample: readonly number[]): [number, number] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sample.length);
  };
  const means = Array.from({ length: 1000 }, () => {
    let sum = 0;
    for (let i = 0; i < sample.length; i++) sum += sample[next()] as number;
    return sum / sample.length;
  }).sort((a, b) => a - b);
  return [means[25] as number, means[974] as number];
}

const mean = (sample: readonly number[]) => sample.reduce((a, b) => a + b, 0) / sample.length;

for (const progressive of [false, true]) {
  for (const size of [4, 2, 1] as const) {
    for (const times of [1, 1.5]) {
      const same: number[] = [];
      const apart: number[] = [];
      for (let i = 0; i < names.length; i += step) {
        const photograph = sharp(`${PHOTOS}/images/${names[i]}`).rotate();
        const { width = 1, height = 1 } = await photograph.metadata();
        const factor = (preprocess.size * times * 8) / size / Math.min(width, height);
        const target = [Math.ceil(width * factor), Math.ceil(height * factor)] as const;
        const bytes = await photograph
          .resize(...target, { fit: "fill", kernel: "lanczos3" })
          .jpeg({ quality: 88, progressive })
          .toBuffer();
        const [full, scaled] = [scores(bytes, 8), scores(bytes, size)];
        same.push(full.best === scaled.best ? 1 : 0);
        apart.push(mean(full.all.map((score, k) => Math.abs(score - (scaled.all[k] as number)))));
      }
      const kind = progressive ? "progressive" : "baseline";
      const [top1, score] = [interval(same), interval(apart)];
      console.log(
        `| ${kind} | 1/${8 / size} | ${times} | ${same.length} | ${(mean(same) * 100).toFixed(2)} % (${top1.map((v) => (v * 100).toFixed(1)).join("-")}) | ${mean(apart).toFixed(5)} (${score.map((v) => v.toFixed(5)).join("-")}) |`,
      );
    }
  }
}
console.log(`${labels.category.length} categories; mean score difference over all labels`);
