/** The program of a helper thread in a browser. */
import { type HelperTask, help } from "../../../model/kernels/threads/helper.ts";

addEventListener("message", ({ data }: MessageEvent<HelperTask>) => {
  help(data, () => postMessage("ready"));
  close();
});
