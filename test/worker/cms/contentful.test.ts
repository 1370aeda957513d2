import { expect, it } from "vitest";
import { contentful } from "../../../worker/cms/contentful.ts";
import { join } from "../../../worker/cms/signing.ts";
import vector from "../../fixtures/webhooks/contentful-signed.json";

const source = {
  name: "shop",
  options: contentful.schema.parse({
    kind: "contentful",
    base: "https://api.contentful.com/spaces/s/environments/master",
  }),
  secrets: [vector.secret],
  token: undefined,
  development: false,
};

it.each(vector.requests)(
  "believes what the vendor's own library signed: $path",
  async ({ path, headers }) => {
    const received = {
      method: "POST",
      path,
      headers: new Headers(headers),
      body: join(vector.body),
      now: Date.parse(vector.signedAt) + 1000,
    };
    expect(await contentful.verify(received, source)).toEqual({
      delivery: headers["x-contentful-idempotency-key"],
    });
    expect(await contentful.verify({ ...received, path: "/v1/webhooks/other" }, source)).toBeNull();
    expect(await contentful.verify({ ...received, method: "PUT" }, source)).toBeNull();
    expect(await contentful.verify({ ...received, now: received.now + 31_000 }, source)).toBeNull();
  },
);
