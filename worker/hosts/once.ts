/** `make` on the first call, its value ever after. A throw is passed on and not remembered. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
