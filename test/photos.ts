import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** The labelled photographs: `images/<id>.jpg`. They are no part of the repository. */
export const PHOTOS = process.env.HEMLINE_PHOTOS || `${ROOT}/../shared/data/clothing`;
