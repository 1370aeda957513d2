import type { Heatmap } from "../tagging/explain.ts";

/** From cold to hot; see-through where there is nothing to show. */
const STOPS = [
  [0, 40, 44, 120, 0],
  [0.25, 70, 60, 180, 0.45],
  [0.5, 190, 50, 120, 0.65],
  [0.75, 245, 120, 50, 0.78],
  [1, 255, 225, 90, 0.88],
] as const;

/** Draws a map onto a canvas of its own size; the browser smooths it when it stretches the canvas. */
export function drawHeatmap(canvas: HTMLCanvasElement, { side, values }: Heatmap): void {
  canvas.width = side;
  canvas.height = side;
  const image = new ImageData(side, side);
  for (let i = 0; i < values.length; i++) {
    image.data.set(colour((values[i] as number) / 255), i * 4);
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** RGBA of a value 0..1. */
function colour(value: number): number[] {
  const at = Math.max(
    1,
    STOPS.findIndex(([stop]) => value <= stop),
  );
  const [low, high] = [STOPS[at - 1] ?? STOPS[0], STOPS[at] ?? STOPS[0]];
  const share = (value - low[0]) / (high[0] - low[0]);
  const mix = (i: 1 | 2 | 3 | 4) => low[i] + (high[i] - low[i]) * share;
  return [mix(1), mix(2), mix(3), mix(4) * 255].map(Math.round);
}
