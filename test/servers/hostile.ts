import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { TestProject } from "vitest/node";

/** What the hostile server answers, by path. */
function answer(
  path: string,
  headers: Record<string, unknown>,
  response: ServerResponse,
  other: string,
): unknown {
  const redirect = (location: string): unknown => response.writeHead(302, { location }).end();
  const hops = /^\/hops\/(\d+)$/.exec(path)?.[1];
  if (hops !== undefined) return redirect(hops === "0" ? "/ok" : `/hops/${Number(hops) - 1}`);
  switch (path) {
    case "/ok":
      return response.end("picture");
    case "/tee.jpg":
      return response.end(readFileSync(new URL("../fixtures/pictures/tee.jpg", import.meta.url)));
    case "/headers":
      return response.end(JSON.stringify(headers));
    case "/to-other":
      return redirect(`${other}/headers`);
    case "/to-metadata":
      return redirect("http://169.254.169.254/latest/meta-data/");
    case "/to-loopback":
      return redirect("http://[::ffff:127.0.0.1]:22/");
    case "/to-file":
      return redirect("file:///etc/passwd");
    case "/to-nowhere":
      return response.writeHead(302).end();
    case "/large-declared":
      return response.writeHead(200, { "content-length": 50_000_000 }).end("x".repeat(10));
    case "/large-undeclared":
      return response.writeHead(200, { "transfer-encoding": "chunked" }).end("x".repeat(3_000_000));
    case "/short": {
      response.writeHead(200, { "content-length": 1000 });
      response.write("x".repeat(10));
      setTimeout(() => response.destroy(), 20);
      return;
    }
    case "/drip": {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "/silent":
      return;
    case "/gzip-bomb": {
      const body = gzipSync(Buffer.alloc(30_000_000));
      return response
        .writeHead(200, { "content-encoding": "gzip", "content-length": body.length })
        .end(body);
    }
    case "/busy":
      return response.writeHead(503, { "retry-after": "120" }).end("busy");
    case "/gone":
      return response.writeHead(410).end();
    case "/error-page":
      return response
        .writeHead(200, { "content-type": "image/jpeg" })
        .end("<!doctype html><h1>Not here</h1>");
    case "/drawing":
      return response
        .writeHead(200, { "content-type": "image/png" })
        .end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    default:
      return response.writeHead(404).end();
  }
}

/** Starts the server before the tests and ends it after them. */
export default async function setup(project: TestProject): Promise<() => void> {
  const origins: string[] = [];
  const servers = [0, 1].map(() =>
    createServer((request, response) =>
      answer(request.url ?? "/", request.headers, response, origins[1] ?? ""),
    ),
  );
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  project.provide("hostile", origins[0] ?? "");
  project.provide("other", origins[1] ?? "");
  return () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
}
