import type { Paths, Report } from "./build-model.ts";
import { FLOAT_LIMIT, LOSS_LIMIT, TOP1_LIMIT } from "./verify.ts";

/** The build's outcome for people. */
export function reportText(report: Report, { out }: Paths): string {
  const { arena, difference, photographs } = report;
  const lines = [
    `model       ${report.model}, ${report.layers} layers`,
    `float       at most ${difference.float.toExponential(1)} from PyTorch (limit ${FLOAT_LIMIT})`,
    "integers    the trunk's maps are PyTorch's, bit by bit",
    `int8        at most ${difference.quantised.toFixed(3)} from float32 on the golden pictures`,
    `activations ${arena.planned} bytes at the peak (${arena.separate} side by side)`,
    ...(photographs === null
      ? ["photographs not compared: no evaluation file (python -m training.export writes it)"]
      : photographLines(photographs)),
    `artefact    ${out}, ${report.bytes} bytes of weights, SHA-256 ${report.sha256}`,
  ];
  return `${lines.join("\n")}\n`;
}

function photographLines({
  pictures,
  sameTop1,
  scores,
}: NonNullable<Report["photographs"]>): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    `top-1       the same on ${percent(sameTop1)} of ${pictures} (limit ${percent(TOP1_LIMIT)})`,
    ...Object.entries(scores).map(
      ([name, [float, quantised]]) =>
        `${name === "category" ? "top-1" : "F1"} ${name.padEnd(8)} ${percent(float)} -> ` +
        `${percent(quantised)} (limit ${percent(-LOSS_LIMIT)})`,
    ),
  ];
}
