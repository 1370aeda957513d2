/** A picture and the name it goes by, with its folders where it came in one. */
export interface Picture {
  name: string;
  file: Blob;
}

export interface Intake {
  pictures: Picture[];
  /** Files that are no pictures. */
  leftOut: number;
}

const PICTURE = /\.(jpe?g|jfif|png|webp|gif|avif|heic|heif|bmp|tiff?)$/i;

/** By type or name alone: what a file really is, the tagger finds out. */
const isPicture = (file: File): boolean =>
  file.type.startsWith("image/") ? !file.type.includes("svg") : PICTURE.test(file.name);

/**
 * Sorts the pictures out, in the order of their names. One file that was chosen by itself is always
 * taken: its problem is then told.
 */
export function sortOut(files: readonly File[]): Intake {
  const chosen = files.length === 1 ? files : files.filter(isPicture);
  const pictures = chosen
    .map((file) => ({ name: file.webkitRelativePath || paths.get(file) || file.name, file }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return { pictures, leftOut: files.length - chosen.length };
}

/** Where in a dropped folder a file lay. */
const paths = new WeakMap<File, string>();

/** Everything in a drop, folders walked through. Must be called within the event. */
export function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return Promise.resolve([...files]);
  return collect(entries);
}

async function collect(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const found: File[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    if (isFolder(entry)) found.push(...(await collect(await childrenOf(entry))));
    else found.push(await fileOf(entry as FileSystemFileEntry));
  }
  return found;
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader hands out so many at a time, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  paths.set(file, entry.fullPath.replace(/^\//, ""));
  return file;
}
