import { HemlineError } from "../errors.ts";

/** Reads numbers out of a file; reading past its end is a `corrupt_image`. */
export class ByteReader {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#view.byteLength;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#within(offset, 1));
  }

  u16(offset: number, littleEndian = false): number {
    return this.#view.getUint16(this.#within(offset, 2), littleEndian);
  }

  u24le(offset: number): number {
    return this.u16(offset, true) | (this.u8(offset + 2) << 16);
  }

  u32(offset: number, littleEndian = false): number {
    return this.#view.getUint32(this.#within(offset, 4), littleEndian);
  }

  /** `length` bytes at `offset`, as Latin-1 text. */
  text(offset: number, length: number): string {
    let out = "";
    for (let i = 0; i < length; i++) out += String.fromCharCode(this.u8(offset + i));
    return out;
  }

  #within(offset: number, size: number): number {
    if (offset < 0 || offset + size > this.length) throw cutShort();
    return offset;
  }
}

export function cutShort(): HemlineError {
  return new HemlineError("corrupt_image", "The file ends before the picture does.");
}

export function startsWith(bytes: Uint8Array, magic: readonly number[], offset = 0): boolean {
  return magic.every((byte, i) => bytes[offset + i] === byte);
}
