import type { ColorTag } from "../schemas/tags.ts";
import type { Cluster } from "./clusters.ts";
import { FEATURES } from "./features.ts";
import { lookAtGarment } from "./look.ts";
import { mainColour, NAMES, type Named, nameCluster } from "./naming.ts";

const MOST = 3;
/** A colour on less of the garment than this is a label, a button or a shadow. */
const LEAST_SHARE = 0.1;
/** A cluster for which the main colour is this likely, against its likeliest name, is a shade of it. */
const SHADE = 0.6;
const MULTICOLOR = "multicolor";

/**
 * The garment's colours, main first, the others by share; names as in `model/colors.json`.
 * A hex value is the mean of the largest patch so named: seams, shade and the blend along a stripe's
 * edge, which share the name, would muddy it. Shares have two decimals. `multicolor` stands alone: it says that no colour is the main one.
 *
 * @param picture upright RGB, `size * size * 3` bytes, squashed to a square
 * @param landmarks 16 numbers: x, y in fractions of the picture for left and right collar, sleeve,
 *   waistline, hem. Where too few are present, the middle of the picture is taken for the garment.
 * @param presence 8 numbers 0..1; a landmark below 0.5 is not used
 * @param category `none` has no colours
 * @throws RangeError where `picture` has not `size * size * 3` bytes
 */
export function describeColors(
  picture: Uint8Array,
  size: number,
  landmarks: Float32Array,
  presence: Float32Array,
  category: string,
): ColorTag[] {
  if (!Number.isInteger(size) || size < 1 || picture.length !== size * size * 3) {
    throw new RangeError(`a picture of ${picture.length} bytes is not ${size} x ${size} RGB`);
  }
  if (category === "none") return [];
  const { clusters, features } = lookAtGarment(picture, size, landmarks, presence, category);
  if (clusters.length === 0) return [];
  const named = clusters.map((_, i) =>
    nameCluster(features.subarray(i * FEATURES, (i + 1) * FEATURES), category),
  );
  const counts = clusters.map(({ count }) => count);
  const main = indexOfMost(mainColour(named, counts));
  if (NAMES[main] === MULTICOLOR) {
    return [toTag(MULTICOLOR, clusters, total(clusters), clusters)];
  }
  return gather(clusters, named, main);
}

function gather(clusters: readonly Cluster[], named: readonly Named[], main: number): ColorTag[] {
  const support = named.map(({ names }, i) => (names[main] as number) * countOf(clusters, i));
  const chief = indexOfMost(Float32Array.from(support));
  const byName = new Map<string, Cluster[]>([[NAMES[main] as string, []]]);
  clusters.forEach((cluster, i) => {
    const names = (named[i] as Named).names;
    const likeliest = indexOfMost(names, (k) => NAMES[k] !== MULTICOLOR);
    const isMain = i === chief || (names[main] as number) >= SHADE * (names[likeliest] as number);
    const name = NAMES[isMain ? main : likeliest] as string;
    byName.set(name, [...(byName.get(name) ?? []), cluster]);
  });
  const whole = total(clusters);
  const [first, ...others] = [...byName].map(([name, of]) => toTag(name, of, whole));
  return [
    first as ColorTag,
    ...others.filter(([, , share]) => share >= LEAST_SHARE).sort((a, b) => b[2] - a[2]),
  ].slice(0, MOST);
}

const countOf = (clusters: readonly Cluster[], i: number): number => clusters[i]?.count ?? 0;
const total = (clusters: readonly Cluster[]): number =>
  clusters.reduce((sum, { count }) => sum + count, 0);

function indexOfMost(values: Float32Array, allowed: (i: number) => boolean = () => true): number {
  let best = -1;
  values.forEach((value, i) => {
    if (allowed(i) && (best < 0 || value > (values[best] as number))) best = i;
  });
  return best;
}

/** `shown`: the clusters whose mean is the hex value; all that bear the name count for the share. */
function toTag(
  name: string,
  clusters: readonly Cluster[],
  whole: number,
  shown: readonly Cluster[] = clusters.slice(0, 1), // the largest: clusters come sorted
): ColorTag {
  const channel = (c: 0 | 1 | 2): string => {
    const sum = shown.reduce((so, { rgb, count }) => so + rgb[c] * count, 0);
    return Math.round(sum / total(shown))
      .toString(16)
      .padStart(2, "0");
  };
  const share = Math.round((total(clusters) / whole) * 100) / 100;
  return [name, `#${channel(0)}${channel(1)}${channel(2)}`, share];
}
