import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { startBackend } from "../../../worker/hosts/tfjs.ts";

/** The smallest module: the eight bytes of a WASM header, nothing that tfjs could run on. */
import empty from "../../fixtures/empty.wasm";

const sum = (): number => tf.tidy(() => tf.sum(tf.tensor1d([1, 2, 3])).dataSync()[0] as number);

it("computes on the WASM backend inside workerd", () => {
  startBackend(simd);
  expect(tf.getBackend()).toBe("wasm");
  expect(sum()).toBe(6);
});

it("throws on a module that is not tfjs's, and starts on the next try", () => {
  expect(() => startBackend(empty)).toThrow();
  startBackend(simd);
  expect(sum()).toBe(6);
});
