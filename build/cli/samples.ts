/** What each kind of CMS sends when a picture was uploaded, as short as it can be. */

export interface Sample {
  /** The asset's id in the CMS. */
  id: string;
  /** Where the picture is. */
  url: string;
  /** The source's `base`. */
  base: string;
  now: number;
}

/** Directus and Storyblok name no address: their file is found by its id. */
export const samples: Record<string, (sample: Sample) => unknown> = {
  standard: ({ id, url }) => ({
    type: "media.created",
    data: { id, url, mime_type: "image/jpeg" },
  }),
  strapi: ({ id, url, now }) => ({
    event: "media.create",
    createdAt: new Date(now).toISOString(),
    media: { id, url, mime: "image/jpeg", size: 3.27 },
  }),
  directus: ({ id, now }) => ({
    event: "files.upload",
    key: id,
    payload: { type: "image/jpeg", uploaded_on: new Date(now).toISOString() },
  }),
  sanity: ({ id, url }) => ({
    _id: id.startsWith("image-") ? id : `image-${id}-640x800-jpg`,
    _type: "sanity.imageAsset",
    operation: "create",
    url,
    mimeType: "image/jpeg",
  }),
  contentful: ({ id, url }) => ({
    sys: { type: "Asset", id },
    fields: { file: { "en-US": { url, contentType: "image/jpeg" } } },
  }),
  shopify: ({ id, url, now }) => ({
    admin_graphql_api_id: "gid://shopify/Product/1",
    updated_at: new Date(now).toISOString(),
    media: [{ admin_graphql_api_id: id, media_content_type: "IMAGE", preview_image: { src: url } }],
  }),
  storyblok: ({ id, base }) => ({
    text: "created",
    action: "created",
    asset_id: Number(id),
    space_id: Number(/\d+$/.exec(base)?.[0]),
  }),
  cloudinary: ({ id, url, now }) => ({
    notification_type: "upload",
    asset_id: id,
    public_id: id,
    version: Math.floor(now / 1000),
    resource_type: "image",
    type: "upload",
    secure_url: url,
  }),
  r2: ({ id, base, now }) => ({
    action: "PutObject",
    bucket: base,
    object: { key: id, size: 1, eTag: String(now) },
  }),
};
