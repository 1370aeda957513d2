/** Posts a whole split to the built Worker and scores its answers. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Tags } from "../../worker/schemas/tags.ts";
import { PHOTOS } from "../photos.ts";
import { type Labelled, readLabelled, type Split } from "./labelled.ts";
import { type Answer, isNone, score, table } from "./metrics.ts";
import { serveWorker } from "./worker.ts";

const HELP = `npm run score -- [options]

Builds the Worker, posts every photograph of a split and scores the answers against
training/data/labels.jsonl.

  --split NAME        train, val or test (val). Choose on val; test is for results.
  --negatives FOLDER  pictures without a garment, scored apart
  --json FILE         the scores as JSON
  --help

Photographs: HEMLINE_PHOTOS, else ../shared/data/clothing.`;

const { values } = parseArgs({
  options: {
    split: { type: "string", default: "val" },
    negatives: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const PICTURE = /\.(jpe?g|png|webp)$/i;
const TOP = 20;

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const { split, negatives, json } = values;
  if (!["train", "val", "test"].includes(split)) throw new Error(`there is no split "${split}"`);
  if (!existsSync(`${PHOTOS}/images`)) throw new Error(`no photographs: ${PHOTOS}/images`);
  const worker = await serveWorker();
  try {
    const model = (await (await fetch(`${worker.url}/v1/model`)).json()) as Record<string, unknown>;
    const answers: Answer[] = [];
    for (const photo of readLabelled(split as Split)) answers.push(await ask(worker.url, photo));
    const scores = score(answers);
    console.log(`${model.model}, ${split}\n${table(scores)}`);
    const none = negatives === undefined ? undefined : await askNegatives(worker.url, negatives);
    const { artefact, engine } = model;
    const result = { model: model.model, artefact, engine, split, ...scores, negatives: none };
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await worker.stop();
  }
}

async function ask(url: string, photo: Labelled): Promise<Answer> {
  const path = `${PHOTOS}/images/${photo.id}.jpg`;
  return { photo, tags: await post(url, path), top: await post(url, path, `?top=${TOP}`) };
}

async function askNegatives(url: string, folder: string) {
  const names = readdirSync(folder).filter((name) => PICTURE.test(name));
  if (names.length === 0) throw new Error(`--negatives: no pictures in ${folder}`);
  const wrong: string[] = [];
  for (const name of names) {
    if (!isNone(await post(url, `${folder}/${name}`))) wrong.push(name);
  }
  const none = 1 - wrong.length / names.length;
  console.log(`none on ${names.length} pictures without a garment: ${(none * 100).toFixed(1)} %`);
  return { pictures: names.length, none, wrong };
}

async function post(url: string, path: string, query = ""): Promise<Tags> {
  const body = readFileSync(path);
  const response = await fetch(`${url}/v1/tags${query}`, { method: "POST", body });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Tags;
}

await main();
