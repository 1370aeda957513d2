/**
 * `npm run bench:node`: pictures a second on Node with one thread and with more, on the same real
 * photographs, alternating in one run. CPU time a picture is this process's, all threads.
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

interface Round {
  perSecond: number;
  cpuMs: number;
}

async function round(tagger: NodeTagger): Promise<Round> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  for await (const result of tagger.tagAll(paths)) if ("error" in result) throw result.error;
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1000 / count };
}

const threads = [1, Number(values.threads)];
const taggers = await Promise.all(threads.map((n) => createTagger({ threads: n })));
// WebAssembly starts in the baseline compiler.
for (const tagger of taggers) await round(tagger);
const rounds: Round[][] = [];
for (let i = 0; i < Number(values.rounds); i++) {
  const both: Round[] = [];
  for (const tagger of taggers) both.push(await round(tagger));
  rounds.push(both);
}
await Promise.all(taggers.map((tagger) => tagger.close()));

const results = threads.map((n, i) => ({
  threads: n,
  perSecond: median(rounds.map((both) => both[i]?.perSecond as number)),
  cpuMs: median(rounds.map((both) => both[i]?.cpuMs as number)),
}));
const ratio = median(rounds.map(([one, more]) => (more?.perSecond ?? 0) / (one?.perSecond ?? 1)));
const engine = taggers[0]?.running.engine;
console.log(`${count} photographs, ${rounds.length} rounds, engine ${engine}, medians`);
console.log("| threads | pictures a second | CPU a picture, ms |\n| --- | --- | --- |");
for (const { threads: n, perSecond, cpuMs } of results) {
  console.log(`| ${n} | ${perSecond.toFixed(1)} | ${cpuMs.toFixed(1)} |`);
}
console.log(`${threads[1]} threads against one, round by round: ${ratio.toFixed(2)}x`);
mkdirSync(`${CACHE}/bench`, { recursive: true });
const report = { engine, photographs: count, rounds: rounds.length, results, ratio };
writeFileSync(`${CACHE}/bench/node.json`, `${JSON.stringify(report, null, 2)}\n`);
