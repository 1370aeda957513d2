import { filesOf } from "./files.ts";

/** Anywhere on the page: what is dropped or pasted comes in; the page shows while something hovers. */
export function listen(take: (files: File[]) => void): void {
  let depth = 0;
  const hover = (over: boolean) => document.documentElement.classList.toggle("is-over", over);
  const brings = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (brings(event)) hover(++depth > 0);
  });
  addEventListener("dragleave", (event) => {
    if (brings(event)) hover(--depth > 0);
  });
  addEventListener("dragover", (event) => {
    if (brings(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (event.dataTransfer === null || !brings(event)) return;
    event.preventDefault();
    depth = 0;
    hover(false);
    take(await filesOf(event.dataTransfer));
  });
  addEventListener("paste", ({ clipboardData }) => {
    const files = [...(clipboardData?.files ?? [])];
    if (files.length > 0) take(files);
  });
}
