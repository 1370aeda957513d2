import { z } from "zod";
import { RemoteError } from "../fetch/remote-error.ts";
import type { CmsApi } from "./api.ts";
import type { CmsEvent, Kind } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { base, fixedAlt, hosts, sharedTags, write } from "./options.ts";
import { anySecret, fromBase64, sha256, verifyHmac } from "./signing.ts";

const schema = z.strictObject({
  kind: z.literal("shopify"),
  /** `https://<shop>.myshopify.com/admin/api/<version>`. */
  base,
  hosts: hosts("cdn.shopify.com"),
  /** Tags go to the product (media have none): the union over its pictures. Alt text goes to the picture. */
  write: write({ tags: sharedTags(), alt: fixedAlt() }).prefault({}),
});
type Options = z.infer<typeof schema>;

/** Shopify repeats a failed delivery for four hours, with the body of the first. */
const maxAge = 6 * 3600_000;

const product = z.object({
  admin_graphql_api_id: z.string().startsWith("gid://shopify/Product/"),
  media: z
    .array(
      z.object({
        admin_graphql_api_id: z.string(),
        media_content_type: z.string(),
        preview_image: z.object({ src: z.string().nullish() }).nullish(),
      }),
    )
    .default([]),
});
/** A deleted product is its number alone; past 2^53 JSON numbers lose digits and would name another. */
const deleted = z.strictObject({ id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

/** Shopify: `products/create`, `products/update` (our own tags too) and `products/delete`. */
export const shopify: Kind<Options> = {
  schema,
  authorize: (token) => ({ "x-shopify-access-token": token }),

  async verify({ headers, body }, source) {
    const signature = fromBase64(headers.get("x-shopify-hmac-sha256"));
    if (
      !(await anySecret(source.secrets, (secret) => verifyHmac("SHA-256", secret, body, signature)))
    )
      return null;
    return { delivery: await sha256(body) };
  },

  events(body) {
    const gone = deleted.safeParse(body);
    if (gone.success) return [{ type: "delete", parent: `gid://shopify/Product/${gone.data.id}` }];
    const { admin_graphql_api_id: parent, media } = product.parse(body);
    return media.flatMap(
      ({ admin_graphql_api_id: asset, media_content_type, preview_image }): CmsEvent[] => {
        const url = preview_image?.src;
        if (media_content_type !== "IMAGE" || url == null) return [];
        return [{ type: "upload", asset, parent, identity: url, ref: { url } }];
      },
    );
  },

  sent(body) {
    const parsed = z.object({ updated_at: z.string() }).safeParse(body);
    return parsed.success ? { at: Date.parse(parsed.data.updated_at), maxAge } : null;
  },

  async locate({ ref }) {
    return { url: ref.url ?? "" };
  },

  async write({ asset, parent, family }, words, { options }, api, wrote) {
    if (options.write === false || parent === null) return wrote;
    const { tags: tagSettings, alt: altSettings } = options.write;
    const current = await graphql(
      api,
      readProduct,
      "query ($id: ID!) { product(id: $id) { tags media(first: 250) { nodes { id alt } } } }",
      { id: parent },
    );
    if (current.product === null)
      throw new RemoteError("cms_gone", "The product no longer exists.", false);
    const { tags, media } = current.product;
    if (tagSettings) {
      const present = new Set(media.nodes.map(({ id }) => id));
      const union = [
        ...new Set(
          family.filter((member) => present.has(member.asset)).flatMap((member) => member.tags),
        ),
      ];
      const wanted = mergeTags(tags, union, tagSettings.prefix) ?? tags;
      await changeTags(
        api,
        "tagsAdd",
        parent,
        wanted.filter((tag) => !tags.includes(tag)),
      );
      await changeTags(
        api,
        "tagsRemove",
        parent,
        tags.filter((tag) => !wanted.includes(tag)),
      );
    }
    const picture = media.nodes.find(({ id }) => id === asset);
    const altText =
      altSettings && picture !== undefined && mergeAlt(picture.alt, words.alt, wrote.alt);
    if (typeof altText !== "string") return wrote;
    const update =
      "mutation ($files: [FileUpdateInput!]!) { result: fileUpdate(files: $files) { userErrors { message } } }";
    await graphql(api, mutated, update, { files: [{ id: asset, alt: altText }] });
    return { alt: altText };
  },
};

const readProduct = z.object({
  product: z
    .object({
      tags: z.array(z.string()),
      media: z.object({ nodes: z.array(z.object({ id: z.string(), alt: z.string().nullish() })) }),
    })
    .nullable(),
});
const mutated = z.object({
  result: z.object({ userErrors: z.array(z.object({ message: z.string() })).max(0) }),
});

async function changeTags(
  api: CmsApi,
  mutation: "tagsAdd" | "tagsRemove",
  id: string,
  tags: string[],
): Promise<void> {
  if (tags.length === 0) return;
  const query = `mutation ($id: ID!, $tags: [String!]!) { result: ${mutation}(id: $id, tags: $tags) { userErrors { message } } }`;
  await graphql(api, mutated, query, { id, tags });
}

/** GraphQL answers 200 with `errors`; a throttled call may be repeated, anything else needs a person. */
async function graphql<T>(
  api: CmsApi,
  schema: z.ZodType<T>,
  query: string,
  variables: Record<string, unknown>,
): Promise<T> {
  const answer = z.object({
    data: z.unknown().optional(),
    errors: z
      .array(
        z.object({
          message: z.string(),
          extensions: z.object({ code: z.string() }).partial().optional(),
        }),
      )
      .optional(),
  });
  const { data, errors } = await api.call(answer, "/graphql.json", {
    method: "POST",
    json: { query, variables },
  });
  if (errors !== undefined) {
    const throttled = errors.some(({ extensions }) => extensions?.code === "THROTTLED");
    throw new RemoteError(
      throttled ? "cms_unavailable" : "cms_refused",
      `Shopify answered: ${errors[0]?.message}`,
      throttled,
    );
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success)
    throw new RemoteError("cms_refused", "Shopify did not accept the change.", false);
  return parsed.data;
}
