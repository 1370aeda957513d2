import { Plain } from "../setup/say.mjs";

/** An option's whole number from 1 to `most`. Throws `Plain` for anything else. */
export function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most) {
    throw new Plain(`${option} is a whole number from 1 to ${most}, not ${text}.`);
  }
  return number;
}
