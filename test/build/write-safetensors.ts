import type { Tensor } from "../../build/safetensors.ts";

/** A safetensors file of these tensors, in their order. */
export function safetensorsFile(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  return rawFile(JSON.stringify(header), ...[...tensors.values()].map(({ data }) => data));
}

/** A file with this header, sound or not, and these bytes behind it. */
export function rawFile(header: string, ...parts: ArrayBufferView[]): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  return Buffer.concat([length, text, ...data]);
}
