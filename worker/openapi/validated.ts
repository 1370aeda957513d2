import { validator } from "hono-openapi";
import type { z } from "zod";
import { HemlineError } from "../errors.ts";

/**
 * A route's query, validated by the schema that also describes it; `c.req.valid("query")` gives it
 * parsed. Throws `bad_parameter` with the parameter's name.
 */
export function query<S extends z.ZodObject>(schema: S) {
  return validator("query", schema, (result) => {
    if (result.success) return;
    const issue = result.error[0];
    const name = issue?.path?.map((part) => (typeof part === "object" ? part.key : part)).join(".");
    // Messages of our own go on from the name.
    const message = issue?.message.replace(/^(?=[A-Z])/, "is not valid: ");
    throw new HemlineError("bad_parameter", `\`${name}\` ${message}.`);
  });
}
