import { HemlineError } from "../errors.ts";

/** One answer for every reason, an unknown source included: it tells a forger nothing. */
export const unverified = (): HemlineError =>
  new HemlineError("unauthorized", "The webhook could not be verified.");
