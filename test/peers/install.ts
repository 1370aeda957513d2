/** Installs the peers ahead of the tests. */
import { installed } from "./cache.ts";
import { DIRECTUS, STRAPI } from "./versions.ts";

console.log(installed("strapi-5.54.0", STRAPI));
console.log(installed("directus-12.4.0", DIRECTUS));
