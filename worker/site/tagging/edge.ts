import type { Tags } from "../../schemas/tags.ts";
import { type Call, jsonOf } from "../api/call.ts";
import { partExplained } from "./explain.ts";
import type { Tagging } from "./tagging.ts";

const ADDRESS = "/v1/tags";

const HEADERS = {
  // Ids alone: the page names them itself, and a change of language asks for nothing.
  "accept-language": "*",
  // A file is a picture or nothing: one of another type must not be taken for JSON or a form.
  "content-type": "application/octet-stream",
};

/** Tags by the API. */
export function onTheEdge(call: Call): Tagging {
  return async (body, { explain, signal }) => {
    const address = explain ? `${ADDRESS}?explain=heatmap` : ADDRESS;
    const start = performance.now();
    const response = await call(address, { method: "POST", body, headers: HEADERS, signal });
    const said = await jsonOf<Tags>(response);
    return { ...partExplained(said), place: "edge", ms: performance.now() - start };
  };
}
