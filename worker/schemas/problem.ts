import { z } from "zod";
import { ERRORS, type ErrorCode } from "../errors.ts";

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** An error, as RFC 9457 says. */
export const Problem = z
  .object({
    title: z.string().describe("What kind of problem it is, for people."),
    status: z.int().describe("The HTTP status."),
    detail: z.string().describe("What is wrong with this request, for people."),
    code: z.enum(CODES).describe("What kind of problem it is, for programs; never changes."),
  })
  .meta({ id: "Problem", description: "A problem document (RFC 9457)." });
export type Problem = z.infer<typeof Problem>;
