import { availableParallelism } from "node:os";
import { LANGUAGES, type Language } from "../../model/names.ts";
import { ApiError } from "../../worker/client/client.ts";
import { HemlineError } from "../../worker/errors.ts";
import { inOrder } from "../../worker/hosts/node/in-order.ts";
import { MAX_TOP } from "../../worker/rank.ts";
import { Plain, say } from "../setup/say.mjs";
import { command } from "./command.ts";
import { mapIn } from "./map-check.ts";
import { wholeNumber } from "./numbers.ts";
import { settings } from "./settings.ts";
import { findPictures } from "./tag/find.ts";
import { type Format, Output } from "./tag/output.ts";
import { Progress } from "./tag/progress.ts";
import { openSource, type Source, type SourceOptions } from "./tag/source.ts";

const SOME_FAILED = 2;
/** What a shell makes of a signal: 128 and its number. */
const INTERRUPTED = 130;

export const tag = command(
  {
    usage:
      "  hemline tag <files or folders> [--recursive] [--json | --csv] [--out file] [--top 1..20] [--lang en] [--map file] [--threads n]\n  hemline tag <files or folders> --url https://… [--key …] [the same]",
    help: `Tags pictures on this machine, on the Worker's own path, in the order given; or by a service.

  --json        a line of JSON for each picture (the default): {"file": …, "category": …, …}, or
                {"file": …, "error": {"code": …, "detail": …}}
  --csv         a table with a header; several labels share a cell, separated by ;
  --out file    instead of standard output
  --recursive   enters the folders inside folders (-r)
  --top k       the k best categories and attributes of each group, whatever they score
  --lang l      adds the labels' names: en, ko, de, fr, es, ja
  --map file    a map's words in place of the labels (hemline map:check); with --url, a map's name
  --threads n   how many pictures at a time; by default one for each core
  --url u       sends them to a deployed Worker, which is waited for when it is busy
  --key k       its API key; better in the variable HEMLINE_KEY, where no list of processes shows it

A picture that cannot be tagged is reported, and the rest goes on. Progress and reports go to
standard error. Exit status: 0 all tagged, 1 nothing done (usage, no pictures), 2 some failed,
130 interrupted.`,
    options: {
      recursive: { type: "boolean", short: "r", default: false },
      json: { type: "boolean", default: false },
      csv: { type: "boolean", default: false },
      out: { type: "string", short: "o" },
      top: { type: "string" },
      threads: { type: "string" },
      lang: { type: "string" },
      map: { type: "string" },
      url: { type: "string" },
      key: { type: "string" },
    },
  },
  (paths, { json, csv, recursive, out, lang, map, url, key, ...numbers }) => {
    if (paths.length === 0 || (json && csv)) return false;
    const top = numbers.top === undefined ? undefined : wholeNumber("--top", numbers.top, MAX_TOP);
    const threads = wholeNumber("--threads", numbers.threads ?? `${availableParallelism()}`, 256);
    const asked = {
      ...{ top, url, key: key ?? settings().HEMLINE_KEY },
      lang: languageCalled(lang),
      map: url === undefined ? mapIn(map) : map,
    };
    const format = csv ? "csv" : "json";
    return tagFiles({ paths, recursive, format, out, threads, ...asked });
  },
);

interface Options extends SourceOptions {
  paths: string[];
  recursive: boolean;
  format: Format;
  out: string | undefined;
}

function languageCalled(name: string | undefined): Language | undefined {
  const language = LANGUAGES.find((one) => one === name);
  if (language !== name) throw new Plain(`--lang is one of ${LANGUAGES.join(", ")}, not ${name}.`);
  return language;
}

async function tagFiles({ paths, recursive, format, out, ...asked }: Options): Promise<void> {
  const { files, left } = await findPictures(paths, recursive);
  if (left > 0) say(`folders inside were left out (${left}); --recursive enters them.`);
  if (files.length === 0) throw new Plain(`there are no pictures in ${paths.join(", ")}.`);
  const control = new AbortController();
  const output = await Output.open(format, out, (error) => control.abort(error));
  const source = await openSource({ ...asked, threads: Math.min(asked.threads, files.length) });
  // A second one ends it at once.
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => control.abort());
  const progress = new Progress(files.length);
  try {
    await tagEach(files, source, output, progress, control.signal);
  } catch (error) {
    if (!control.signal.aborted) throw error;
  } finally {
    progress.clear();
    await Promise.all([source.close(), output.close()]);
  }
  if (control.signal.reason instanceof Plain) throw control.signal.reason;
  const interrupted = control.signal.aborted;
  say(
    `${progress.summary()}${interrupted ? `; interrupted, ${files.length} were asked for` : ""}.`,
  );
  if (interrupted) process.exitCode = INTERRUPTED;
  else if (progress.failed > 0) process.exitCode = SOME_FAILED;
}

async function tagEach(
  files: readonly string[],
  source: Source,
  output: Output,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const results = inOrder(files, source.width, async (file) => {
    try {
      return { file, result: await source.tag(file, signal) };
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, detail } =
        error instanceof HemlineError || error instanceof ApiError
          ? error
          : new HemlineError("internal", String(error));
      return { file, result: { code, detail } };
    }
  });
  for await (const { file, result } of results) {
    if ("code" in result || process.stdout.isTTY) progress.clear();
    if ("code" in result) say(`${file}: ${result.code}: ${result.detail}`);
    await output.write(file, result);
    progress.step("code" in result);
  }
}
