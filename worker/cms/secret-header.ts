import { z } from "zod";
import { sameSecret } from "../secret.ts";
import type { Received, Source, Verified } from "./kind.ts";
import { anySecret, sha256 } from "./signing.ts";

/** Settings of senders that sign nothing and only show a secret in a header of the user's choice. */
export const headerAuth = z.strictObject({
  type: z.literal("header").default("header"),
  header: z
    .string()
    .regex(/^[\w-]+$/)
    .default("authorization"),
});

/** Accepts the secret itself or `Bearer <secret>`. Nothing is signed, so the body's hash names the delivery. */
export async function verifyHeader(
  received: Received,
  source: Source,
  header: string,
): Promise<Verified | null> {
  const given = received.headers.get(header)?.replace(/^Bearer /i, "") ?? null;
  if (!(await anySecret(source.secrets, (secret) => sameSecret(given, secret)))) return null;
  return { delivery: await sha256(received.body) };
}
