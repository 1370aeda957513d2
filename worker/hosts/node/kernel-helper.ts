/** The program of a helper thread in Node. */
import { parentPort, workerData } from "node:worker_threads";
import { type HelperTask, help } from "../../../model/kernels/threads/helper.ts";

help(workerData as HelperTask, () => parentPort?.postMessage("ready"));
