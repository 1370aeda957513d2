import { type Env, Hono } from "hono";
import { type Document, documentOf } from "../openapi/document.ts";

/** `GET /openapi.json`: the app's document, made when it is first asked for. */
export function openapi<E extends Env>(app: Hono<E>): Hono {
  let made: Promise<Document> | undefined;
  return new Hono().get("/", async (c) => {
    made ??= documentOf(app).catch((error) => {
      made = undefined;
      throw error;
    });
    return c.json(await made);
  });
}
