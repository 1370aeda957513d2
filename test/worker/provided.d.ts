import "vitest";

/** What the configuration and the servers in `test/servers` tell the tests. */
declare module "vitest" {
  interface ProvidedContext {
    /** The drawn pictures by file name, in base64: workerd has no files. */
    pictures: Record<string, string>;
    /** Origin of a server that does everything a picture's server should not do. */
    hostile: string;
    /** The same server under another origin. */
    other: string;
  }
}
