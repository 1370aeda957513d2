import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** In a folder, pictures are told by their names; also those that are then refused by their bytes. */
const NAMES = /\.(jpe?g|jpe|jfif|png|webp|gif|avif|heic|heif|tiff?|bmp)$/i;

export interface Found {
  /** Paths as given, or below a folder as given; in a folder sorted by name, none twice. */
  files: string[];
  /** Folders inside the given ones that were not entered. */
  left: number;
}

/**
 * The pictures that `paths` name: a file is taken whatever it is called (and if it is not there),
 * of a folder the pictures, with `recursive` those of the folders below too. Hidden ones are not.
 */
export async function findPictures(paths: readonly string[], recursive: boolean): Promise<Found> {
  const files = new Map<string, string>();
  const entered = new Set<string>();
  let left = 0;

  async function enter(folder: string): Promise<void> {
    // A link may lead back up.
    const place = await realpath(folder);
    if (entered.has(place)) return;
    entered.add(place);
    for (const name of (await readdir(folder)).sort()) {
      if (name.startsWith(".")) continue;
      const path = join(folder, name);
      if (!(await isFolder(path))) {
        if (NAMES.test(name)) add(path);
      } else if (recursive) await enter(path);
      else left++;
    }
  }
  function add(path: string): void {
    const whole = resolve(path);
    if (!files.has(whole)) files.set(whole, path);
  }

  for (const path of paths) {
    if (await isFolder(path)) await enter(path);
    else add(path);
  }
  return { files: [...files.values()], left };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
