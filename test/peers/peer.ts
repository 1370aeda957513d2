/** A real CMS, as far as the tests use it. */
export interface Peer {
  url: string;
  /** For the Worker's own calls. */
  token: string;
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** What stands at a file: the alt text, and the tags in one line. */
  read(id: string): Promise<{ alt: string | null; tags: string | null }>;
  remove(id: string): Promise<void>;
  stop(): Promise<void>;
}
