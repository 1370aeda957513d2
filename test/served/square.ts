/** A Worker that answers a picture with the square that the network would be shown: for tests. */
import { decode } from "../../worker/image/decode.ts";
import { prepare } from "../../worker/image/prepare.ts";
import { sniff } from "../../worker/image/sniff.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    const bytes = await request.bytes();
    const header = sniff(bytes);
    return new Response(prepare(await decode(bytes, header), header.orientation));
  },
};
