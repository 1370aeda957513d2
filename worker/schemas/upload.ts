import { z } from "zod";

/** A picture as JSON. */
export const Upload = z
  .strictObject({
    base64: z.string().optional().describe("The file in base64 (RFC 4648, section 4)."),
    url: z
      .string()
      .max(2048)
      .optional()
      .describe("Where it is, on a host that the operator has listed."),
  })
  .refine(({ base64, url }) => (base64 === undefined) !== (url === undefined), {
    error: "either `base64` or `url`",
  })
  .meta({ id: "Upload", description: "Either `base64` or `url`." });
