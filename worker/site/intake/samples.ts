import tee from "../../../test/fixtures/pictures/tee.jpg";
import dress from "../samples/dress.jpg";
import hoodie from "../samples/hoodie.jpg";
import jeans from "../samples/jeans.jpg";
import skirt from "../samples/skirt.jpg";

/** Drawn by the project (`samples/draw.py`, `test/fixtures/draw.py`): address by name. */
export const SAMPLES = { tee, dress, jeans, hoodie, skirt } as const;
export type Sample = keyof typeof SAMPLES;
