/** `npm run build:jpeg`: compiles the JPEG decoder to `worker/image/jpeg/jpeg.wasm`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const FOLDER = fileURLToPath(new URL("../worker/image/jpeg/", import.meta.url));
export const JPEG_WASM = `${FOLDER}jpeg.wasm`;

/** The module's bytes: the same from the same sources. */
export async function compileJpeg(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...["index.ts", "--outFile", "jpeg.wasm", "--runtime", "stub", "--use", "abort="],
      ...["-O3", "--converge", "--noAssert", "--zeroFilledMemory", "--enable", "simd"],
    ],
    {
      readFile: (name) => read(`${FOLDER}assembly/${name}`),
      writeFile: (name, contents) => {
        if (name === "jpeg.wasm") binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || binary === undefined) throw new Error(`asc: ${error?.message}\n${stderr}`);
  return binary;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await compileJpeg();
  writeFileSync(JPEG_WASM, bytes);
  console.log(`worker/image/jpeg/jpeg.wasm: ${bytes.length} bytes`);
}
