/** Many uploads, a few at a time, as fast as they are answered: does memory stay where it is? */
import { liveHeap } from "../heap.ts";
import type { Server } from "./memory.ts";
import { rss } from "./memory.ts";
import { round } from "./open-loop.ts";
import { type Answer, isGood, send, tally } from "./send.ts";

/** So many at once keep workerd busy without being turned away. */
const SENDERS = 4;
const SAMPLES = 20;
/**
 * Growth over the second half, MiB, past which memory is not flat: of what the isolate holds, and of workerd's
 * resident memory beyond what it grows by under a Worker that does nothing.
 */
const FLAT_MIB = { live: 1, rss: 16 };

interface Sample {
  uploads: number;
  seconds: number;
  /** The isolate's objects, buffers and WebAssembly memories once the rest has been collected. */
  live_mib: number;
  /** workerd's resident memory before that, and after. */
  rss_before_mib: number;
  rss_mib: number;
}

export interface Soak {
  uploads: number;
  photographs: number;
  seconds: number;
  failures: number;
  causes: Record<string, number>;
  samples: Sample[];
  /** The mean of the last quarter less the mean of the quarter after the half, MiB. */
  growth_second_half_mib: { live: number; rss: number };
  flat: boolean;
}

/**
 * Sends all of `pictures` in turn, again and again, until `uploads` are answered. At every sample garbage is
 * collected, as it is not otherwise on a machine with memory to spare: a local workerd enforces no limit and
 * lets its heap grow, so that its resident memory alone cannot tell a leak from idleness. `idle`: how much
 * that memory grew over the second half of as many uploads to a Worker that does nothing, MiB.
 */
export async function soak(
  worker: Server & { inspector?: URL },
  pictures: readonly Uint8Array<ArrayBuffer>[],
  uploads: number,
  idle = Number.POSITIVE_INFINITY,
): Promise<Soak> {
  const { inspector } = worker;
  if (inspector === undefined) throw new Error("the soak needs a Worker that can be inspected");
  const failed: Answer[] = [];
  const start = performance.now();
  const samples: Sample[] = [];
  const sample = async (answered: number) => {
    const before = rss(worker);
    const live = await liveHeap(inspector, () => send(`${worker.url}/v1/model`, {}));
    samples.push({
      uploads: answered,
      seconds: round((performance.now() - start) / 1000),
      live_mib: round((live.usedSize + (live.backingStorageSize ?? 0)) / 2 ** 20),
      rss_before_mib: before,
      rss_mib: rss(worker),
    });
    console.log(soFar(samples.at(-1)));
  };
  let begun = 0;
  const sendUntil = async (count: number): Promise<void> => {
    while (begun < count) {
      const body = pictures[begun++ % pictures.length];
      if (body === undefined) throw new Error("nothing to send");
      const answer = await send(`${worker.url}/v1/tags`, { method: "POST", body });
      if (!isGood(answer)) failed.push(answer);
    }
  };
  for (let i = 0; i <= SAMPLES; i++) {
    const until = Math.round((uploads * i) / SAMPLES);
    await Promise.all(Array.from({ length: SENDERS }, () => sendUntil(until)));
    await sample(until);
  }
  const growth = { live: growthOf(samples, "live_mib"), rss: growthOf(samples, "rss_mib") };
  const flat = growth.live <= FLAT_MIB.live && growth.rss <= idle + FLAT_MIB.rss;
  const seconds = samples.at(-1)?.seconds ?? 0;
  const causes = tally(failed);
  console.log(
    `soak: ${uploads} uploads in ${seconds} s, ${failed.length} failed ${JSON.stringify(causes)}; the second ` +
      `half added ${growth.live} MiB live, ${growth.rss} MiB resident: ${flat ? "flat" : "not flat"}`,
  );
  return {
    ...{ uploads, photographs: pictures.length, seconds, failures: failed.length, causes },
    ...{ samples, growth_second_half_mib: growth, flat },
  };
}

function growthOf(samples: readonly Sample[], what: "live_mib" | "rss_mib"): number {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const middle = Math.floor(samples.length / 2);
  const mean = (list: readonly Sample[]) =>
    list.reduce((sum, one) => sum + one[what], 0) / list.length;
  return round(mean(samples.slice(-quarter)) - mean(samples.slice(middle, middle + quarter)));
}

const soFar = (sample: Sample | undefined): string =>
  `soak: ${sample?.uploads} uploads, ${sample?.seconds} s, live ${sample?.live_mib}, resident ${sample?.rss_before_mib} -> ${sample?.rss_mib} MiB`;
