import { open } from "node:fs/promises";
import { HemlineError } from "../../errors.ts";
import { MAX_BYTES } from "../../routes/picture.ts";

/**
 * A picture file's bytes. Throws `not_found`, `fetch_failed` for what cannot be read,
 * `image_too_large` before reading anything.
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      const detail = `The file has ${size} bytes; a picture may have ${MAX_BYTES}.`;
      throw new HemlineError("image_too_large", detail);
    }
    return await file.readFile();
  } catch (error) {
    if (error instanceof HemlineError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new HemlineError("not_found", "There is no such file.");
    throw new HemlineError("fetch_failed", `The file cannot be read: ${message}.`);
  }
}
