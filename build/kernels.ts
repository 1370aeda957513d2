/** `npm run build:kernels`: compiles `model/kernels/assembly/`, for plain and for shared memory. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const FOLDER = fileURLToPath(new URL("../model/kernels/", import.meta.url));

/** The most memory that shared memory may have, in pages of 64 kB: it must be said at build time. */
const SHARED_PAGES = 1024;

const COMMON = [
  ...["index.ts", "--outFile", "out.wasm", "--textFile", "out.wat"],
  // Level 1 leaves the kernels in the order in which they are written. Higher levels sink each sum
  // into its next use, so that all weights of a tile are alive at once and the sums spill.
  ...["--runtime", "stub", "--use", "abort=", "--optimizeLevel", "1", "--converge", "--noAssert"],
  ...["--enable", "simd", "--importMemory", "--noExportMemory", "--initialMemory", "1"],
];
const BUILDS = {
  "kernels.wasm": [],
  "kernels-threads.wasm": [
    ...["--enable", "threads", "--sharedMemory", "--maximumMemory", `${SHARED_PAGES}`],
  ],
} as const;
type File = keyof typeof BUILDS;

/** The golden text of the hot loop: what the compiler makes of the largest register tile. */
const GOLDEN = "gemm_5x8.wat";
const HOT = "qu8_qs8_gemm_5x8_simd";

/** What `model/kernels/` holds, by file: the same from the same sources. */
export async function compileKernels(): Promise<Record<File | typeof GOLDEN, Buffer>> {
  const plain = await compile(BUILDS["kernels.wasm"]);
  const threads = await compile(BUILDS["kernels-threads.wasm"]);
  return {
    "kernels.wasm": plain.binary,
    "kernels-threads.wasm": threads.binary,
    [GOLDEN]: Buffer.from(functionText(plain.text, HOT)),
  };
}

/** The committed kernels for plain memory, compiled by the engine at hand. */
export const kernelsModule = (): WebAssembly.Module =>
  new WebAssembly.Module(new Uint8Array(committed("kernels.wasm")));

export const committed = (file: string): Buffer => readFileSync(`${FOLDER}${file}`);

async function compile(options: readonly string[]): Promise<{ binary: Buffer; text: string }> {
  const out = new Map<string, string | Uint8Array>();
  const { error, stderr } = await asc.main([...COMMON, ...options], {
    readFile: (name) => read(`${FOLDER}assembly/${name}`),
    writeFile: (name, contents) => void out.set(name, contents),
    listFiles: () => [],
  });
  const [binary, text] = [out.get("out.wasm"), out.get("out.wat")];
  if (error || binary === undefined || text === undefined) {
    throw new Error(`asc: ${error?.message}\n${stderr}`);
  }
  return { binary: Buffer.from(binary), text: String(text) };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** One function of a module's text. */
function functionText(text: string, name: string): string {
  const start = text.indexOf(` (func $gemm/${name} `);
  const end = text.indexOf("\n )\n", start);
  if (start < 0 || end < 0) throw new Error(`the module has no function ${name}`);
  return `${text.slice(start, end)}\n )\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, bytes] of Object.entries(await compileKernels())) {
    writeFileSync(`${FOLDER}${file}`, bytes);
    console.log(`model/kernels/${file}: ${bytes.length} bytes`);
  }
}
