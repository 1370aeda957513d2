import { csvHeader, csvRow } from "../../csv.ts";
import type { Row } from "./run.ts";

/** What is known so far, a row a picture (`csv.ts`). */
export const csvOf = (rows: readonly Row[]): string =>
  rows.reduce((text, { name, answer, problem }) => {
    const result = answer?.tags ?? problem;
    return result === undefined ? text : text + csvRow(name, result);
  }, csvHeader());

/** The same as objects: tags, or an error's code and detail. */
export const resultsOf = (rows: readonly Row[]): object[] =>
  rows.flatMap<object>(({ name, answer, problem }) => {
    if (answer) return [{ file: name, ...answer.tags }];
    return problem ? [{ file: name, error: { code: problem.code, detail: problem.detail } }] : [];
  });
