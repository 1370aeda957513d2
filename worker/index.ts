import { createApp } from "./app.ts";

export default createApp({
  get model(): never {
    throw new Error("no network is built");
  },
  tagger() {
    throw new Error("no network is built");
  },
});
