import { ApiError } from "./error.ts";

/** The largest picture file that the service takes (`worker/routes/picture.ts`). */
const LARGEST = 20_000_000;

/** A picture: its bytes, or an address that the service fetches, of a host that it allows. */
export type Picture =
  | Uint8Array<ArrayBuffer>
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | URL;

/** Pictures that can be put into a form, or that the service fetches. */
export type BatchPicture = Exclude<Picture, ReadableStream<Uint8Array>>;

/** How a picture is sent. Throws `ApiError` for a stream of more than the service takes. */
export async function bodyOf(picture: Picture): Promise<Body> {
  if (picture instanceof URL) {
    const body = JSON.stringify({ url: picture.href });
    return { body: () => body, headers: { "content-type": "application/json" } };
  }
  // A file is a picture or nothing: one of another type must not be taken for JSON or a form.
  const headers = { "content-type": "application/octet-stream" };
  const file = picture instanceof ReadableStream ? await collect(picture) : picture;
  return { body: () => file, headers };
}

interface Body {
  /** For each attempt anew. */
  body: () => BodyInit;
  headers: Record<string, string>;
}

/** Few browsers send a stream, none over HTTP/1, and none could send it again. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    bytes += value.length;
    if (bytes > LARGEST) {
      await reader.cancel();
      throw new ApiError("image_too_large", `A picture may have ${LARGEST / 1_000_000} MB.`);
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
}

/** What one request takes (`worker/schemas/batch.ts`, `worker/batch/form.ts`), with room for the form. */
const MOST = { pictures: 16, bytes: 31_000_000 };

/** So many in a row as go into one request: all of them addresses, or none. */
export function* inBatches<P extends BatchPicture>(pictures: Iterable<P>): Generator<P[]> {
  let batch: P[] = [];
  let bytes = 0;
  for (const picture of pictures) {
    const size = sizeOf(picture);
    const [first] = batch;
    const other = first !== undefined && first instanceof URL !== picture instanceof URL;
    if (batch.length === MOST.pictures || bytes + size > MOST.bytes || other) {
      if (batch.length > 0) yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(picture);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function sizeOf(picture: BatchPicture): number {
  if (picture instanceof URL) return 0;
  return picture instanceof Blob ? picture.size : picture.byteLength;
}

/** How a batch is sent. */
export function batchBodyOf(batch: readonly BatchPicture[]): Body {
  if (batch[0] instanceof URL) {
    const body = JSON.stringify({ urls: batch.map(String) });
    return { body: () => body, headers: { "content-type": "application/json" } };
  }
  const form = new FormData();
  for (const picture of batch) form.append("image", new Blob([picture as Blob]), "image");
  return { body: () => form, headers: {} };
}
