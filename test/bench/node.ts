/**
 * `npm run bench:node`: real photographs on Node, all kinds alternating in one run. First pictures a
 * second with one thread and with more, then how long a single picture takes when nothing else is
 * asked, with one thread and with more computing it together. CPU time is the process's, all threads.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CACHE } from "../../build/setup/paths.mjs";
import { createTagger, type NodeTagger } from "../../worker/hosts/node/tagger.ts";
import { PHOTOS } from "../photos.ts";
import { median } from "./cpu.ts";

const { values } = parseArgs({
  options: {
    photographs: { type: "string", default: "40" },
    rounds: { type: "string", default: "15" },
    threads: { type: "string", default: "2" },
  },
});

const count = Number(values.photographs);
const names = readdirSync(`${PHOTOS}/images`).sort();
const step = Math.floor(names.length / count);
const paths = Array.from({ length: count }, (_, i) => `${PHOTOS}/images/${names[i * step]}`);

/** One way of tagging all pictures. */
interface Kind {
  name: string;
  tagger: NodeTagger;
  work(tagger: NodeTagger): Promise<void>;
}
/** ms a picture. */
interface Round {
  wall: number;
  cpu: number;
}

async function manyAtOnce(tagger: NodeTagger): Promise<void> {
  for await (const result of tagger.tagAll(paths)) if ("error" in result) throw result.error;
}
async function oneByOne(tagger: NodeTagger): Promise<void> {
  for (const path of paths) await tagger.tag(path);
}

async function round({ tagger, work }: Kind): Promise<Round> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work(tagger);
  const wall = (performance.now() - began) / count;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 / count };
}

const more = Number(values.threads);
const [one, pool, together] = await Promise.all([
  createTagger({ threads: 1 }),
  createTagger({ threads: more }),
  createTagger({ threads: 1, threadsPerPicture: more }),
]);
const kinds: Kind[] = [
  { name: "many, 1 thread", tagger: one, work: manyAtOnce },
  { name: `many, ${more} threads`, tagger: pool, work: manyAtOnce },
  { name: "one by one, 1 thread", tagger: one, work: oneByOne },
  { name: `one by one, ${more} threads together`, tagger: together, work: oneByOne },
];
// WebAssembly starts in the baseline compiler.
for (const kind of kinds) await round(kind);
const rounds: Round[][] = [];
for (let i = 0; i < Number(values.rounds); i++) {
  const all: Round[] = [];
  for (const kind of kinds) all.push(await round(kind));
  rounds.push(all);
}
const { engine } = one.running;
await Promise.all([one, pool, together].map((tagger) => tagger.close()));

const results = kinds.map(({ name }, i) => ({
  name,
  wall: median(rounds.map((all) => all[i]?.wall as number)),
  cpu: median(rounds.map((all) => all[i]?.cpu as number)),
  /** Against the same with one thread, round by round. */
  ratio: median(rounds.map((all) => (all[i - (i % 2)]?.wall as number) / (all[i]?.wall as number))),
}));
console.log(`${count} photographs, ${rounds.length} rounds, engine ${engine}, medians`);
console.log("| | ms a picture | pictures a second | CPU ms a picture | times one thread |");
console.log("| --- | --- | --- | --- | --- |");
for (const { name, wall, cpu, ratio } of results) {
  const cells = [wall.toFixed(1), (1000 / wall).toFixed(1), cpu.toFixed(1), ratio.toFixed(2)];
  console.log(`| ${[name, ...cells].join(" | ")} |`);
}
mkdirSync(`${CACHE}/bench`, { recursive: true });
const report = { engine, photographs: count, rounds: rounds.length, results };
writeFileSync(`${CACHE}/bench/node.json`, `${JSON.stringify(report, null, 2)}\n`);
