/** What workerd provides; on Node `worker/hosts/node/modules.ts` does. */
declare module "cloudflare:workers" {
  export const env: Readonly<Record<string, unknown>>;
}
