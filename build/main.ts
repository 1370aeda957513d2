import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildModel, type Paths } from "./build-model.ts";
import { BuildError } from "./errors.ts";
import { reportText } from "./report.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const USAGE = `npm run build:model -- [options]

Reads the checkpoint, folds batch norms, quantises the trunk to integers and the other weights to
int8 per output channel, proves the sums' bounds, plans the memory, checks the result against
PyTorch's answers (integers bit by bit) and replaces the artefact. A checkpoint that is
damaged or does not fit is refused, and the artefact stays as it was.

  --checkpoint FILE  default model/checkpoint/student.safetensors
  --golden FILE      PyTorch's answers for drawn pictures; default golden.safetensors beside it
  --evaluation FILE  PyTorch's answers for the validation photographs, written by
                     training/export.py; default runs/eval/val.safetensors, left out where
                     absent unless HEMLINE_REQUIRE names photos
  --out FOLDER       default model/artefact
  --help             this text
`;

const EVALUATION = `${ROOT}runs/eval/val.safetensors`;

/** Exit status: 0, or 1 with "build: [code] what is wrong" on stderr. */
function main(args: string[]): number {
  try {
    const paths = parsePaths(args);
    process.stdout.write(paths === null ? USAGE : reportText(buildModel(paths), paths));
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`build: [${error.code}] ${error.message}\n`);
    return 1;
  }
}

/** null: help was asked for. */
function parsePaths(args: string[]): Paths | null {
  const options = parseOptions(args);
  if (options.help) return null;
  const checkpoint = options.checkpoint ?? `${ROOT}model/checkpoint/student.safetensors`;
  return {
    checkpoint,
    golden: options.golden ?? `${checkpoint.replace(/[^/]*$/, "")}golden.safetensors`,
    evaluation: options.evaluation ?? defaultEvaluation(),
    out: options.out ?? `${ROOT}model/artefact`,
  };
}

interface Options {
  checkpoint?: string | undefined;
  golden?: string | undefined;
  evaluation?: string | undefined;
  out?: string | undefined;
  help?: boolean | undefined;
}

function parseOptions(args: string[]): Options {
  const path = { type: "string" } as const;
  const known = { checkpoint: path, golden: path, evaluation: path, out: path };
  try {
    return parseArgs({ args, options: { ...known, help: { type: "boolean" } } }).values;
  } catch (error) {
    throw new BuildError("bad_argument", `${(error as Error).message} (see --help)`);
  }
}

function defaultEvaluation(): string | null {
  if (existsSync(EVALUATION)) return EVALUATION;
  const required = (process.env.HEMLINE_REQUIRE ?? "").split(",").includes("photos");
  if (!required) return null;
  throw new BuildError("evaluation_missing", `${EVALUATION}: run python -m training.export`);
}

process.exitCode = main(process.argv.slice(2));
