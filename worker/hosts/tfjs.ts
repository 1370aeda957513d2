/**
 * tfjs's WASM backend over a module that the host already compiled.
 *
 * tfjs's own initialisation looks for the binary by URL or file and probes for threads by
 * validation. A Worker has neither files nor threads, may not compile, and hands out ready modules.
 */
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import factory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import * as tf from "@tensorflow/tfjs-core";

export type EmscriptenModule = ConstructorParameters<typeof BackendWasm>[0];
type Receive = (instance: WebAssembly.Instance) => void;

const BACKEND = "wasm";

/**
 * Makes `module` (the single-threaded SIMD build) the running backend, in one synchronous call:
 * nothing is left pending when a Worker's module scope ends.
 *
 * Throws what instantiation threw; a later call starts afresh.
 */
export function startBackend(module: WebAssembly.Module): void {
  attach(instantiate(module));
}

/** Makes an instance of tfjs's runtime the running backend. */
export function attach(wasm: EmscriptenModule): void {
  wasm.tfjs = bindings(wasm);
  // The package registers itself as 'wasm' when imported; a former start may have registered ours.
  if (tf.findBackendFactory(BACKEND) !== null) tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => new BackendWasm(wasm));
  // With a synchronous factory all the work is done before the promise is returned.
  void tf.setBackend(BACKEND);
  if (!(tf.backend() instanceof BackendWasm)) throw new Error("tfjs did not take the WASM backend");
}

function instantiate(module: WebAssembly.Module): EmscriptenModule {
  let failure: unknown = new Error("the tfjs runtime did not initialise");
  // Emscripten's factory fills the object it is given.
  const wasm = {
    instantiateWasm(imports: WebAssembly.Imports, receive: Receive): object {
      // An exception would send the glue off to fetch the binary itself.
      try {
        receive(new WebAssembly.Instance(module, imports));
      } catch (error) {
        failure = error;
      }
      return {};
    },
    onRuntimeInitialized(): void {
      failure = undefined;
    },
  } as unknown as EmscriptenModule;
  factory(wasm as object).catch(() => undefined);
  if (failure !== undefined) throw failure;
  return wasm;
}

/** The table that tfjs's `init()` attaches (tfjs-backend-wasm 4.22, `backend_wasm.ts`). */
function bindings(wasm: EmscriptenModule): EmscriptenModule["tfjs"] {
  const { cwrap } = wasm as unknown as { cwrap: Cwrap };
  return {
    init: cwrap("init", null, []),
    initWithThreadsCount: cwrap("init_with_threads_count", null, ["number"]),
    getThreadsCount: cwrap("get_threads_count", "number", []),
    registerTensor: cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: cwrap("dispose_data", null, ["number"]),
    dispose: cwrap("dispose", null, []),
  };
}

type Cwrap = <F>(name: string, result: "number" | null, args: "number"[]) => F;
