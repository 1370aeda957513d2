export const pageSize = 100;

/** Every item of a list that is read by offset, page after page, until one is not full. */
export async function allPages<T>(read: (offset: number) => Promise<T[]>): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const page = await read(items.length);
    items.push(...page);
    if (page.length < pageSize) return items;
  }
}
