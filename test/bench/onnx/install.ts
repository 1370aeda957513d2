/** What the comparison needs and the project does not: kept in `.cache/`, exactly these versions. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDER = `${ROOT}.cache/bench-onnx`;
const ORT = "onnxruntime-web@1.30.0";
const ONNX = ["onnx==1.19.1", "numpy==2.4.6"];

export interface Onnx {
  folder: string;
  python: string;
  /** onnxruntime-web's entry for Node. */
  runtime: string;
}

export function installOnnx(): Onnx {
  const done = `${FOLDER}/.complete`;
  if (!existsSync(done)) {
    console.log(`installing ${ORT} and ${ONNX.join(", ")} in .cache/bench-onnx …`);
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/package.json`, '{ "private": true }');
    const options = { cwd: FOLDER, stdio: "inherit" } as const;
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ORT], options);
    execFileSync(process.env.PYTHON ?? "python3", ["-m", "venv", "python"], options);
    execFileSync("python/bin/pip", ["install", "--quiet", ...ONNX], options);
    writeFileSync(done, "");
  }
  return {
    folder: FOLDER,
    python: `${FOLDER}/python/bin/python`,
    runtime: `${FOLDER}/node_modules/onnxruntime-web/dist/ort.node.min.mjs`,
  };
}
