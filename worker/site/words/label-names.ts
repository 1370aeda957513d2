import { nameOf as nameIn } from "../../../model/names.ts";
import { currentLanguage, say } from "./words.ts";

/** A label, colour or group as it stands alone, in the current language. */
export function nameOf(id: string): string {
  const name = nameIn(id, currentLanguage());
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export const categoryName = (id: string): string => (id === "none" ? say("noGarment") : nameOf(id));
