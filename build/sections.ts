/** Any view or SIMD load is aligned. */
const ALIGNMENT = 16;

/** Pieces of a file, one after another. */
export class Sections {
  readonly #placed: [offset: number, data: ArrayBufferView][] = [];
  #end = 0;

  /** Returns the byte offset of the piece. */
  place(data: ArrayBufferView): number {
    const offset = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#placed.push([offset, data]);
    this.#end = offset + data.byteLength;
    return offset;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#end);
    for (const [offset, { buffer, byteOffset, byteLength }] of this.#placed) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    }
    return bytes;
  }
}
