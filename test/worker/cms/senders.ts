import { directusToken, signers } from "../../../build/cli/signers.ts";
import directusUpload from "../../fixtures/webhooks/directus-12.4.0-upload.json";
import directusJwt from "../../fixtures/webhooks/directus-12.4.0-upload-jwt.json";
import payloadCreate from "../../fixtures/webhooks/payload-3.90.2-create.json";
import strapiCreate from "../../fixtures/webhooks/strapi-5.54.0-create.json";
import wordpressCreate from "../../fixtures/webhooks/wordpress-6.5.5-created.json";

export const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
export const nextSecret = "whsec_NzY1NDMyMTBmZWRjYmE5ODc2NTQzMjEw";
export const wrongSecret = "whsec_d3Jvbmd3cm9uZ3dyb25nd3Jvbmd3cm9uZw==";

/** A sender as it should be: what it says of itself, and how it signs. Independent of the code tested. */
export interface Sender {
  /** Settings of the source, without its name. */
  source: Record<string, unknown>;
  /** An image upload at the time `now` (ms). */
  body(now: number): string;
  /** The headers of that body, signed at `now`. */
  headers(body: string, key: string, now: number): Promise<Record<string, string>>;
  asset: string;
  /** What the sender's own messages look like that are none of our business. */
  other: string;
  /** The message that an asset is gone. */
  deleted: string;
  /** Headers without which nothing can be verified. */
  needs: string[];
  /** What its signature protects. */
  signs: { body: boolean; time: boolean };
  /** How old a message may be, ms. */
  maxAge: number | null;
}

const minute = 60_000;
/** A captured body, as if sent at `now`. */
const at = (body: string, now: number): string =>
  body.replace(/2026-01-15T10:00:\d\d\.\d{3}Z/g, new Date(now).toISOString());

const standard = {
  headers: signers.standard,
  other:
    '{"type":"post.created","data":{"id":9,"url":"https://blog.example.com/a.pdf","mime_type":"application/pdf"}}',
  needs: ["webhook-id", "webhook-timestamp", "webhook-signature"],
  signs: { body: true, time: true },
  maxAge: 5 * minute,
};

const write = { write: false };

export const senders = {
  standard: {
    ...standard,
    source: { kind: "standard", hosts: ["media.example.com"], ...write },
    body: (_now: number) =>
      '{"type":"media.created","data":{"id":"7","url":"https://media.example.com/7.jpg","mime_type":"image/jpeg","filesize":3269}}',
    asset: "7",
    deleted: '{"type":"media.deleted","data":{"id":"7"}}',
  },
  payload: {
    ...standard,
    source: { kind: "standard", hosts: ["payload.example.com"], ...write },
    body: (now) => at(payloadCreate.body, now),
    asset: "1",
    deleted: '{"event":"media.delete","doc":{"id":1}}',
  },
  wordpress: {
    ...standard,
    source: { kind: "standard", hosts: ["blog.example.com"], ...write },
    body: (now) => at(wordpressCreate.body, now),
    asset: "4",
    deleted: '{"event":"attachment.deleted","id":4}',
  },
  strapi: {
    source: { kind: "strapi", base: "https://cms.example.com", ...write },
    body: (now) => at(strapiCreate.body, now),
    headers: signers.strapi,
    asset: "1",
    other: '{"event":"entry.create","createdAt":"2099-01-01T00:00:00Z","model":"page"}'.replace(
      /,"createdAt":"[^"]*"/,
      "",
    ),
    deleted:
      '{"event":"media.delete","media":{"id":1,"url":"/uploads/dress.jpg","mime":"image/jpeg","size":3.27}}',
    needs: ["authorization"],
    signs: { body: false, time: false },
    maxAge: 5 * minute,
  },
  directus: {
    source: { kind: "directus", base: "https://directus.example.com", ...write },
    body: (now) => at(directusUpload.body, now),
    headers: signers.directus,
    asset: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    other:
      '{"event":"files.update","keys":["3f2504e0-4f89-41d3-9a0c-0305e82c3301"],"payload":{"tags":["a"]}}',
    deleted:
      '{"event":"files.delete","keys":["3f2504e0-4f89-41d3-9a0c-0305e82c3301"],"collection":"directus_files"}',
    needs: ["authorization"],
    signs: { body: false, time: false },
    maxAge: 15 * minute,
  },
  "directus-jwt": {
    source: {
      kind: "directus",
      base: "https://directus.example.com",
      auth: { type: "jwt" },
      ...write,
    },
    body: (now) => at(directusJwt.body, now),
    headers: (_body, key, now) => directusToken("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", key, now),
    asset: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    other: '{"event":"files.update","keys":["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"]}',
    deleted: '{"event":"files.delete","keys":["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"]}',
    needs: ["authorization"],
    signs: { body: false, time: true },
    maxAge: 5 * minute,
  },
  sanity: {
    source: { kind: "sanity", base: "https://abcd1234.api.sanity.io/v2025-02-19", ...write },
    body: (_now: number) =>
      '{"_id":"image-0123456789abcdef0123456789abcdef01234567-640x800-jpg","_type":"sanity.imageAsset","operation":"create","url":"https://cdn.sanity.io/images/abcd1234/production/0123456789abcdef0123456789abcdef01234567-640x800.jpg","mimeType":"image/jpeg","size":3269}',
    headers: signers.sanity,
    asset: "image-0123456789abcdef0123456789abcdef01234567-640x800-jpg",
    other: '{"_id":"file-0123-pdf","_type":"sanity.fileAsset","operation":"create"}',
    deleted:
      '{"_id":"image-0123456789abcdef0123456789abcdef01234567-640x800-jpg","_type":"sanity.imageAsset","operation":"delete"}',
    needs: ["sanity-webhook-signature"],
    signs: { body: true, time: true },
    maxAge: 5 * minute,
  },
  contentful: {
    source: {
      kind: "contentful",
      base: "https://api.contentful.com/spaces/s1/environments/master",
      ...write,
    },
    body: (_now: number) =>
      '{"sys":{"type":"Asset","id":"asset1"},"fields":{"title":{"en-US":"Dress"},"file":{"en-US":{"url":"//images.ctfassets.net/s1/asset1/f00/dress.jpg","contentType":"image/jpeg","details":{"size":3269}}}}}',
    headers: (body, key, now) => signers.contentful(body, key, now, "/v1/webhooks/shop"),
    asset: "asset1",
    other: '{"sys":{"type":"Entry","id":"entry1"},"fields":{"file":{}}}',
    deleted: '{"sys":{"type":"DeletedAsset","id":"asset1"}}',
    needs: ["x-contentful-signature", "x-contentful-timestamp", "x-contentful-signed-headers"],
    signs: { body: true, time: true },
    maxAge: 30_000,
  },
  shopify: {
    source: { kind: "shopify", base: "https://shop-one.myshopify.com/admin/api/2026-10", ...write },
    body: (now) =>
      JSON.stringify({
        id: 788032119674,
        admin_graphql_api_id: "gid://shopify/Product/788032119674",
        updated_at: new Date(now).toISOString(),
        tags: "human",
        media: [
          {
            admin_graphql_api_id: "gid://shopify/MediaImage/11",
            media_content_type: "IMAGE",
            preview_image: { src: "https://cdn.shopify.com/s/files/1/dress.jpg?v=1" },
          },
          {
            admin_graphql_api_id: "gid://shopify/Video/12",
            media_content_type: "VIDEO",
            preview_image: { src: "https://cdn.shopify.com/s/files/1/dress.mp4.jpg" },
          },
        ],
      }),
    headers: signers.shopify,
    asset: "gid://shopify/MediaImage/11",
    other: '{"admin_graphql_api_id":"gid://shopify/Product/5","media":[]}',
    deleted: '{"id":788032119674}',
    needs: ["x-shopify-hmac-sha256"],
    signs: { body: true, time: false },
    maxAge: 6 * 60 * minute,
  },
  storyblok: {
    source: { kind: "storyblok", base: "https://mapi.storyblok.com/v1/spaces/288868", ...write },
    body: (_now: number) =>
      '{"text":"The user me@example.com created the Asset dress.jpg","action":"created","asset_id":656565,"space_id":288868}',
    headers: signers.storyblok,
    asset: "656565",
    other:
      '{"text":"published","action":"published","space_id":288868,"story_id":123,"full_slug":"test"}',
    deleted: '{"text":"deleted","action":"deleted","asset_id":656565,"space_id":288868}',
    needs: ["webhook-signature"],
    signs: { body: true, time: false },
    maxAge: null,
  },
  cloudinary: {
    source: { kind: "cloudinary", base: "https://api.cloudinary.com/v1_1/demo", ...write },
    body: (_now: number) =>
      '{"notification_type":"upload","asset_id":"0a1b2c3d","public_id":"shop/dress","version":1768471200,"resource_type":"image","type":"upload","format":"jpg","bytes":3269,"secure_url":"https://res.cloudinary.com/demo/image/upload/v1768471200/shop/dress.jpg"}',
    headers: signers.cloudinary,
    asset: "0a1b2c3d",
    other: '{"notification_type":"resource_tags_changed","resources":[]}',
    deleted:
      '{"notification_type":"delete","resources":[{"asset_id":"0a1b2c3d","public_id":"shop/dress"}]}',
    needs: ["x-cld-signature", "x-cld-timestamp"],
    signs: { body: true, time: true },
    maxAge: 7200_000,
  },
} satisfies Record<string, Sender>;
