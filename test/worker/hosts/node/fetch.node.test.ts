import type { lookup } from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchPicture } from "../../../../worker/fetch/picture.ts";
import { nodeTransport, PrivateAddress } from "../../../../worker/hosts/node/fetch.ts";

let server: Server;
let port: number;
let asked = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    response.setHeader("x-host", request.headers.host ?? "");
    response.end("picture");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

/** A name server that answers these addresses, one list for each question. */
function names(...answers: string[][]): { lookUp: typeof lookup; questions: () => number } {
  let count = 0;
  const lookUp = ((
    _name: string,
    _options: object,
    callback: (error: null, found: object[]) => void,
  ) => {
    const list = answers[Math.min(count++, answers.length - 1)] ?? [];
    callback(
      null,
      list.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  }) as unknown as typeof lookup;
  return { lookUp, questions: () => count };
}

describe("an address that is not public is never connected to", () => {
  it.each([
    [["127.0.0.1"]],
    [["93.184.216.34", "127.0.0.1"]],
    [["::ffff:127.0.0.1"]],
    [["169.254.169.254"]],
    [["10.0.0.1"]],
    [["64:ff9b::7f00:1"]],
    [["fd00::1"]],
    [[]],
  ])("when a name means %o", async (addresses) => {
    const before = asked;
    const transport = nodeTransport([], names(addresses).lookUp);
    await expect(transport(`http://pictures.example.com:${port}/`, {})).rejects.toThrow(
      PrivateAddress,
    );
    expect(asked).toBe(before);
  });

  it.each(["127.0.0.1", "0x7f000001", "[::1]", "[::ffff:7f00:1]"])(
    "when it is written down: %s",
    async (host) => {
      const before = asked;
      await expect(nodeTransport()(`http://${host}:${port}/`, {})).rejects.toThrow(PrivateAddress);
      expect(asked).toBe(before);
    },
  );
});

describe("a name is looked up once, and the connection goes to that answer", () => {
  it("which may be the server", async () => {
    const { lookUp, questions } = names(["127.0.0.1"]);
    const transport = nodeTransport([], lookUp, () => true);
    const response = await transport(`http://pictures.example.com:${port}/`, {});
    expect(response.headers.get("x-host")).toBe(`pictures.example.com:${port}`);
    expect(questions()).toBe(1);
  });

  it("and not to a later one (DNS rebinding)", async () => {
    const before = asked;
    const { lookUp, questions } = names(["127.0.0.2"], ["127.0.0.1"]);
    const transport = nodeTransport([], lookUp, (address) => address === "127.0.0.2");
    await expect(transport(`http://rebinding.example.com:${port}/`, {})).rejects.toThrow(
      "ECONNREFUSED 127.0.0.2",
    );
    expect(questions()).toBe(1);
    expect(asked).toBe(before);
  });
});

it("fetches from an exempt origin, under its own name", async () => {
  const origin = `http://127.0.0.1:${port}`;
  const bytes = await fetchPicture(
    { url: `${origin}/a.jpg` },
    { hosts: [], origins: [origin] },
    { bytes: 1000, timeout: 5000 },
    nodeTransport([origin]),
  );
  expect(new TextDecoder().decode(bytes)).toBe("picture");
});
