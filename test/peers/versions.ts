/** The peers, pinned: what was tried is what is tried again. */
export const STRAPI = {
  "@strapi/strapi": "5.54.0",
  "@strapi/plugin-users-permissions": "5.54.0",
  "better-sqlite3": "12.8.0",
  react: "18.3.1",
  "react-dom": "18.3.1",
  "react-router-dom": "6.30.1",
  "styled-components": "6.1.19",
};

export const DIRECTUS = { directus: "12.4.0", sqlite3: "6.0.1" };
