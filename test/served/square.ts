/** A Worker that answers a picture with the square that the network would be shown: for tests. */
import { readSquare } from "../../worker/image/read.ts";
import type { ImageService } from "../../worker/image/service.ts";
import { sniff } from "../../worker/image/sniff.ts";

export default {
  async fetch(request: Request, env: { IMAGES?: ImageService }): Promise<Response> {
    const bytes = await request.bytes();
    return new Response(await readSquare(bytes, sniff(bytes), env.IMAGES));
  },
};
