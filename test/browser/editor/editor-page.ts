import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { build } from "vite";
import type { InlineConfig } from "vite";

/** What the server sends with every page. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
};

export interface EditorPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the test's page as the product is built, and serves it under the product's content security policy. */
export async function startEditorPage(): Promise<EditorPage> {
  const folder = mkdtempSync(join(tmpdir(), "lakebook-editors-"));
  await buildForProduction({
    configFile: false,
    root: join(import.meta.dirname, "page"),
    logLevel: "warn",
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      modulePreload: { polyfill: false },
    },
  });
  const server = serve(folder);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Vitest's own environment would choose Lit's development build. */
async function buildForProduction(config: InlineConfig): Promise<void> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await build(config);
  } finally {
    process.env["NODE_ENV"] = before;
  }
}

function serve(folder: string): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = normalize(pathname === "/" ? "/index.html" : pathname);
    readFile(join(folder, path)).then(
      (content) => {
        response.writeHead(200, {
          "content-type": types[extname(path)] ?? "application/octet-stream",
          "content-security-policy": contentSecurityPolicy,
        });
        response.end(content);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
}
