/** A picture: its bytes, or an address that the service fetches, of a host that it allows. */
export type Picture =
  | Uint8Array<ArrayBuffer>
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | URL;

/** Pictures that can be put into a form, or that the service fetches. */
export type BatchPicture = Exclude<Picture, ReadableStream<Uint8Array>>;

/** How a picture is sent. */
export function bodyOf(picture: Picture): {
  body: () => BodyInit;
  headers: Record<string, string>;
  once?: boolean;
} {
  if (picture instanceof URL) {
    const body = JSON.stringify({ url: picture.href });
    return { body: () => body, headers: { "content-type": "application/json" } };
  }
  // A file is a picture or nothing: one of another type must not be taken for JSON or a form.
  const headers = { "content-type": "application/octet-stream" };
  if (picture instanceof ReadableStream) return { body: () => picture, headers, once: true };
  return { body: () => picture, headers };
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
export function batchBodyOf(batch: readonly BatchPicture[]): {
  body: () => BodyInit;
  headers: Record<string, string>;
} {
  if (batch[0] instanceof URL) {
    const body = JSON.stringify({ urls: batch.map(String) });
    return { body: () => body, headers: { "content-type": "application/json" } };
  }
  const form = new FormData();
  for (const picture of batch) form.append("image", new Blob([picture as Blob]), "image");
  return { body: () => form, headers: {} };
}
