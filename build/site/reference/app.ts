/** Bundled and run by `document.ts`: the app with nothing behind it. */
import { createApp } from "../../../worker/app.ts";
import { documentOf } from "../../../worker/openapi/document.ts";

const nothing = () => {
  throw new Error("only its document is wanted");
};

export const document = await documentOf(
  createApp({
    model: { version: "", artefact: "", thresholds: { attributes: nothing as never, presence: 0 } },
    tagger: nothing,
  }),
);
