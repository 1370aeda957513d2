/**
 * Imported before the Worker: from then on every WebAssembly memory of the isolate is known, by its
 * instance's exports or imports.
 */
const known = new Set<WeakRef<WebAssembly.Memory>>();

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, args: [WebAssembly.Module, WebAssembly.Imports?]) {
    const made = Reflect.construct(target, args) as WebAssembly.Instance;
    const imported = Object.values(args[1] ?? {}).flatMap((module) => Object.values(module));
    for (const value of [...imported, ...Object.values(made.exports)]) {
      if (value instanceof WebAssembly.Memory) known.add(new WeakRef(value));
    }
    return made;
  },
});

/** Bytes of all memories that are not collected yet: memories never shrink. */
export function wasmBytes(): number {
  const alive = new Set([...known].flatMap((ref) => ref.deref() ?? []));
  return [...alive].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
