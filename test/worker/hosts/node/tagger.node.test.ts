import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTagger, type NodeTagger } from "../../../../worker/hosts/node/tagger.ts";

const folder = new URL("../../../fixtures/pictures/", import.meta.url);
let tagger: NodeTagger;

beforeAll(async () => {
  tagger = await createTagger({ threads: 2 });
});
afterAll(() => tagger.close());

it("tags bytes, a path and a URL alike, and leaves the caller its bytes", async () => {
  const url = new URL("tee.jpg", folder);
  const bytes = readFileSync(url);
  const [first, ...others] = await Promise.all(
    [bytes, url, url.pathname].map((p) => tagger.tag(p)),
  );
  expect(first).toMatchObject({
    category: expect.arrayContaining([["tee", expect.any(Number)]]),
  });
  for (const other of others) expect(other).toEqual(first);
  expect(bytes.length).toBeGreaterThan(1000);
  expect((await tagger.tag(url, { top: 5 })).category).toHaveLength(5);
});

it("says the same with several threads a picture, and with the reference engine on one", async () => {
  const url = new URL("tee.jpg", folder);
  const tags = await tagger.tag(url);
  await using together = await createTagger({ threads: 1, threadsPerPicture: 2, engine: "int8" });
  expect(together.running).toMatchObject({ engine: "int8", threads: 2 });
  expect(await together.tag(url)).toEqual(tags);
  await using reference = await createTagger({
    threads: 1,
    threadsPerPicture: 2,
    engine: "float32",
  });
  expect(reference.running).toMatchObject({ engine: "float32", threads: 1 });
  expect((await reference.tag(url)).category[0]?.[0]).toBe(tags.category[0]?.[0]);
});

it("goes on after a picture that cannot be tagged", async () => {
  const names = ["tee.jpg", "nowhere.jpg", "jpeg/expected.json", "still.gif"];
  const found: string[] = [];
  for await (const result of tagger.tagAll(names.map((name) => new URL(name, folder)))) {
    found.push("error" in result ? result.error.message : result.tags.image.format);
  }
  expect(found).toEqual([
    "jpeg",
    "not_found: There is no such file.",
    expect.stringMatching(/^unsupported_type/),
    "gif",
  ]);
});

it("ends a list that is called off", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const list = tagger.tagAll([new URL("tee.jpg", folder)], { signal });
  await expect(list.next()).rejects.toThrow("enough");
});

it("is imported by name, from anywhere in the repository, as it is", () => {
  const program = `import { createTagger } from "hemline/node"; console.log(createTagger.name)`;
  const args = ["--input-type=module", "--eval", program];
  const output = execFileSync(process.execPath, args, { cwd: new URL(".", import.meta.url) });
  expect(output.toString()).toBe("createTagger\n");
});

it("refuses a number of threads that is none, and an engine that nobody knows", async () => {
  const engine = "int4" as "int8";
  await expect(createTagger({ threads: 1, engine })).rejects.toThrow('HEMLINE_ENGINE is "int4"');
  await expect(createTagger({ threads: 0 })).rejects.toThrow(RangeError);
});
