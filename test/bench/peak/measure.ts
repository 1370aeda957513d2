/** What this machine's dot instruction can do at most: the roof of every dense kernel. */
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const SOURCE = new URL("assembly/dots.ts", import.meta.url);
/** Twelve dots of four lanes, two products each. */
const MACS_A_ROUND = 12 * 8;

export interface Peak {
  /** Multiply-accumulates of one call. */
  macs: number;
  run(): void;
}

/** Compiles the loop. `macs`: about how many a call makes. */
export async function dotPeak(macs: number): Promise<Peak> {
  let binary: Uint8Array | undefined;
  const flags = ["dots.ts", "--outFile", "dots.wasm", "--runtime", "stub", "-O3"];
  const { error, stderr } = await asc.main([...flags, "--enable", "simd", "--use", "abort="], {
    readFile: (name) => (name === "dots.ts" ? readFileSync(SOURCE, "utf8") : null),
    writeFile: (name, contents) => {
      if (name === "dots.wasm") binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || binary === undefined) throw new Error(`asc: ${error?.message}\n${stderr}`);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(binary)));
  const { dots } = instance.exports as { dots: (rounds: number) => number };
  const rounds = Math.ceil(macs / MACS_A_ROUND);
  return { macs: rounds * MACS_A_ROUND, run: () => void dots(rounds) };
}
