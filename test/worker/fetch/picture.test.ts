import { describe, expect, inject, it } from "vitest";
import { fetchPicture } from "../../../worker/fetch/picture.ts";
import { RemoteError } from "../../../worker/fetch/remote-error.ts";

const hostile = inject("hostile");
const other = inject("other");
const policy = { hosts: [], origins: [hostile, other] };
const limits = { bytes: 1_000_000, timeout: 1_000 };

const get = (path: string, headers?: Record<string, string>, allowed = policy) =>
  fetchPicture(
    headers ? { url: hostile + path, headers } : { url: hostile + path },
    allowed,
    limits,
  );
const textOf = async (bytes: Promise<Uint8Array>) => new TextDecoder().decode(await bytes);

/** The error of a promise that must fail. */
async function failure(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RemoteError))
    throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
}

it("fetches", async () => {
  expect(await textOf(get("/ok"))).toBe("picture");
});

describe("redirects", () => {
  it("are followed three times", async () => {
    expect(await textOf(get("/hops/2"))).toBe("picture");
  });

  it("are not followed a fourth time", async () => {
    expect(await failure(get("/hops/3"))).toMatchObject({ code: "fetch_failed", retry: false });
  });

  it.each(["/to-metadata", "/to-loopback", "/to-file"])("are checked: %s", async (path) => {
    expect(await failure(get(path))).toMatchObject({ code: "url_not_allowed", retry: false });
  });

  it("to another host than the allowed ones are refused", async () => {
    const only = { hosts: [], origins: [hostile] };
    expect(await failure(get("/to-other", {}, only))).toMatchObject({ code: "url_not_allowed" });
  });

  it("without a location end", async () => {
    expect(await failure(get("/to-nowhere"))).toMatchObject({ code: "fetch_failed", retry: false });
  });

  it("to another origin lose the access token", async () => {
    const secret = { authorization: "Bearer secret", "x-token": "secret" };
    expect(await textOf(get("/headers", secret))).toContain("Bearer secret");
    expect(await textOf(get("/to-other", secret))).not.toContain("secret");
  });
});

describe("bodies", () => {
  it.each(["/large-declared", "/large-undeclared", "/gzip-bomb"])(
    "that are too large are cut off: %s",
    async (path) => {
      expect(await failure(get(path))).toMatchObject({ code: "image_too_large", retry: false });
    },
  );

  it("that end before their declared length are a failed transfer", async () => {
    expect(await failure(get("/short"))).toMatchObject({ code: "fetch_failed", retry: true });
  });

  it.each(["/drip", "/silent"])("that never end run into the deadline: %s", async (path) => {
    expect(await failure(get(path))).toMatchObject({ code: "fetch_timeout", retry: true });
  });
});

describe("answers", () => {
  it("that may pass are worth another try, when the server says so", async () => {
    expect(await failure(get("/busy"))).toMatchObject({
      code: "fetch_failed",
      retry: true,
      retryAfter: 120,
    });
  });

  it("that will not change are final", async () => {
    expect(await failure(get("/gone"))).toMatchObject({ code: "fetch_failed", retry: false });
  });
});

it("reports a server that is not there", async () => {
  const nobody = "http://127.0.0.1:9";
  const promise = fetchPicture(
    { url: `${nobody}/a.jpg` },
    { hosts: [], origins: [nobody] },
    limits,
  );
  expect(await failure(promise)).toMatchObject({ code: "fetch_failed", retry: true });
});
