import { expect, it } from "vitest";
import { committed, compileKernels } from "../../build/kernels.ts";

it("the committed kernels are what their sources compile to, the hot loop's text included", async () => {
  for (const [file, bytes] of Object.entries(await compileKernels())) {
    expect([file, Buffer.compare(bytes, committed(file))]).toEqual([file, 0]);
  }
});

it("the kernels hold no data, no globals, and neither own nor grow memory", async () => {
  for (const file of ["kernels.wasm", "kernels-threads.wasm"]) {
    const module = new WebAssembly.Module(new Uint8Array(committed(file)));
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names).toEqual(["run", "help"]);
    // Sections by id: 6 globals, 11 data.
    const sections = sectionsOf(committed(file));
    expect([...sections.keys()].filter((id) => id === 6 || id === 11)).toEqual([]);
  }
});

it("the hot loop makes no call, keeps no state and grows nothing", () => {
  const text = committed("gemm_5x8.wat").toString();
  expect(text).not.toMatch(/call|global|memory\.grow/);
  expect(text.match(/i32x4\.dot_i16x8_s/g)).toHaveLength(5 * 2 * 4);
});

/** A module's sections by id. */
function sectionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const sections = new Map<number, Uint8Array>();
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++] as number;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    sections.set(id, bytes.subarray(at, at + size));
    at += size;
  }
  return sections;
}
