/** Many uploads, a few at a time, as fast as they are answered: does memory stay where it is? */
import type { Server } from "./memory.ts";
import { rss } from "./memory.ts";
import { round } from "./open-loop.ts";
import { type Answer, isGood, send, tally } from "./send.ts";

/** So many at once keep workerd busy without being turned away. */
const SENDERS = 4;
const SAMPLES = 100;
/** Growth over the second half, MiB, past which memory is not flat. */
const FLAT_MIB = 16;

export interface Soak {
  uploads: number;
  photographs: number;
  seconds: number;
  failures: number;
  causes: Record<string, number>;
  /** Uploads answered, seconds, and workerd's resident memory in MiB. */
  samples: { uploads: number; seconds: number; rss_mib: number }[];
  /** The mean of the last tenth less the mean of the tenth after the half, MiB. */
  growth_second_half_mib: number;
  flat: boolean;
}

/** Sends all of `pictures` in turn, again and again, until `uploads` are answered. */
export async function soak(
  worker: Server,
  pictures: readonly Uint8Array<ArrayBuffer>[],
  uploads: number,
): Promise<Soak> {
  const failed: Answer[] = [];
  const start = performance.now();
  const seconds = () => round((performance.now() - start) / 1000);
  const samples: Soak["samples"] = [{ uploads: 0, seconds: 0, rss_mib: rss(worker) }];
  const every = Math.max(1, Math.floor(uploads / SAMPLES));
  let [begun, answered] = [0, 0];
  const one = async (): Promise<void> => {
    while (begun < uploads) {
      const body = pictures[begun++ % pictures.length];
      if (body === undefined) throw new Error("nothing to send");
      const answer = await send(`${worker.url}/v1/tags`, { method: "POST", body });
      if (!isGood(answer)) failed.push(answer);
      if (++answered % every > 0) continue;
      samples.push({ uploads: answered, seconds: seconds(), rss_mib: rss(worker) });
      if (samples.length % 10 === 1) console.log(soFar(samples.at(-1)));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, one));
  const growth = growthOf(samples);
  const result = {
    ...{ uploads, photographs: pictures.length, seconds: seconds() },
    ...{ failures: failed.length, causes: tally(failed) },
    ...{ samples, growth_second_half_mib: growth, flat: growth <= FLAT_MIB },
  };
  console.log(
    `soak: ${uploads} uploads in ${result.seconds} s, ${failed.length} failed ${JSON.stringify(result.causes)}, ` +
      `the second half added ${growth} MiB: ${result.flat ? "flat" : `more than ${FLAT_MIB}`}`,
  );
  return result;
}

function growthOf(samples: Soak["samples"]): number {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const middle = Math.floor(samples.length / 2);
  return round(mean(samples.slice(-tenth)) - mean(samples.slice(middle, middle + tenth)));
}

const mean = (list: Soak["samples"]): number =>
  list.reduce((sum, { rss_mib }) => sum + rss_mib, 0) / list.length;

const soFar = (sample: Soak["samples"][number] | undefined): string =>
  `soak: ${sample?.uploads} uploads, ${sample?.seconds} s, ${sample?.rss_mib} MiB`;
