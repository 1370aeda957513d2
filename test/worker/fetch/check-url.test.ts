import { describe, expect, it } from "vitest";
import { checkUrl, type Policy } from "../../../worker/fetch/check-url.ts";

const policy: Policy = { hosts: ["cdn.example.com", "*.images.example.com"], origins: [] };

describe("allows", () => {
  it.each([
    "https://cdn.example.com/a.jpg",
    "https://CDN.example.com./a.jpg",
    "https://cdn.example.com:443/a.jpg?w=1#x",
    "https://a.images.example.com/a.jpg",
    "https://a.b.images.example.com/a.jpg",
  ])("%s", (url) => {
    expect(checkUrl(url, policy).protocol).toBe("https:");
  });

  it("a relative redirect on an allowed host", () => {
    expect(checkUrl("/b.jpg", policy, "https://cdn.example.com/a.jpg").href).toBe(
      "https://cdn.example.com/b.jpg",
    );
  });

  it("http, an IP address and a port where they are an exact origin", () => {
    const local = { hosts: [], origins: ["http://127.0.0.1:1337"] };
    expect(checkUrl("http://127.0.0.1:1337/uploads/a.jpg", local).port).toBe("1337");
    expect(() => checkUrl("http://127.0.0.1:1338/uploads/a.jpg", local)).toThrow("url_not_allowed");
    expect(() => checkUrl("https://127.0.0.1:1337/uploads/a.jpg", local)).toThrow(
      "url_not_allowed",
    );
    expect(() => checkUrl("http://me@127.0.0.1:1337/", local)).toThrow("user name");
  });
});

describe("refuses", () => {
  it.each([
    ["not a URL", "a.jpg"],
    ["another host", "https://evil.example/a.jpg"],
    ["the wildcard's own domain", "https://images.example.com/a.jpg"],
    ["a host that only ends alike", "https://evilcdn.example.com/a.jpg"],
    ["a host that only begins alike", "https://cdn.example.com.evil.example/a.jpg"],
    ["http", "http://cdn.example.com/a.jpg"],
    ["another scheme", "ftp://cdn.example.com/a.jpg"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:image/png;base64,AAAA"],
    ["a user name", "https://cdn.example.com@evil.example/"],
    ["a user name on an allowed host", "https://me:secret@cdn.example.com/a.jpg"],
    ["a backslash trick", "https://evil.example\\@cdn.example.com/"],
    ["a port", "https://cdn.example.com:8443/a.jpg"],
  ])("%s: %s", (_, url) => {
    expect(() => checkUrl(url, policy)).toThrow("url_not_allowed");
  });

  // On the allow-list on purpose: an address is refused whatever the list says.
  const open: Policy = {
    hosts: [
      "127.0.0.1",
      "[::1]",
      "localhost",
      "db",
      "nas.local",
      "vault.internal",
      "x.localhost",
      "0.0.0.0",
    ],
    origins: [],
  };
  it.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://017700000001/",
    "https://2130706433/",
    "https://127.0.0.1./",
    "https://１２７.０.０.１/",
    "https://0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://x.localhost/",
    "https://db/",
    "https://nas.local/",
    "https://vault.internal/",
  ])("%s", (url) => {
    expect(() => checkUrl(url, open)).toThrow("url_not_allowed");
  });

  it("everything where nothing is allowed", () => {
    expect(() => checkUrl("https://cdn.example.com/a.jpg", { hosts: [], origins: [] })).toThrow(
      "allow-list",
    );
  });
});
