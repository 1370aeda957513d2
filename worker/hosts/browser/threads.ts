/**
 * tfjs's WASM backend with threads: for a worker of a cross-origin isolated browser. Its glue starts
 * eight threads as workers of their own, whatever number is used, and reads itself from an address.
 */
import { getThreadsCount, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import factory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import glue from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url";
import module from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm";
import thread from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js?url";
import { attach, type EmscriptenModule } from "../tfjs.ts";

/** Hyper-threads are taken for half a core (tfjs-backend-wasm 4.22, `backend.cc`): a cap of its own. */
const LOGICAL_PER_THREAD = 2;

type Receive = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** Makes the threaded-SIMD build the running backend. Resolves to the number of threads it uses. */
export async function startThreadedBackend(threads: number): Promise<number> {
  const wasm = await factory({
    instantiateWasm(imports: WebAssembly.Imports, receive: Receive): object {
      // Whatever is asked for, tfjs starts at most half of the cores that it is told of.
      const { env = {} } = imports;
      env.emscripten_num_logical_cores = () => threads * LOGICAL_PER_THREAD;
      receive(new WebAssembly.Instance(module, imports), module);
      return {};
    },
    locateFile: (path: string) => (path.endsWith(".worker.js") ? thread : path),
    mainScriptUrlOrBlob: glue,
  } as object);
  setThreadsCount(threads);
  attach(wasm as unknown as EmscriptenModule);
  return getThreadsCount();
}
