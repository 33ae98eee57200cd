import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context } from "hono";
import { isSystemError } from "../base/errors.js";

export interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** The name changes with the content, so the content never does. */
  readonly isImmutable: boolean;
}

/** The built client by URL path. What a request asks for is looked up here and never on the disk. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** What is none of these is not served, source maps among them: they are larger than all the rest together. */
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

/** Empty where nothing is built. */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  for (const path of await listFiles(folder)) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const bytes = new Uint8Array(await readFile(path));
    const url = `/${relative(folder, path).split(sep).join("/")}`;
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    const file = { bytes, type, etag, isImmutable: url.startsWith("/assets/") };
    files.set(url, file);
    if (url.endsWith(".html")) files.set(toAddress(url), file);
  }
  return files;
}

/** Pages go by their names alone: `/docs/guide.html` is `/docs/guide` too, `/docs/index.html` is `/docs`. */
function toAddress(url: string): string {
  return url.endsWith("/index.html")
    ? url.slice(0, -"/index.html".length) || "/"
    : url.slice(0, -".html".length);
}

export async function answerStaticFile(
  c: Context,
  file: StaticFile,
  status: 200 | 401 = 200,
): Promise<Response> {
  c.header("etag", file.etag);
  c.header("cache-control", file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (status === 200 && c.req.header("if-none-match") === file.etag) return c.body(null, 304);
  c.header("content-type", file.type);
  if (!isText(file) || !/\bgzip\b/.test(c.req.header("accept-encoding") ?? ""))
    return c.body(file.bytes, status);
  c.header("content-encoding", "gzip");
  c.header("vary", "accept-encoding");
  return c.body(await compressed(file), status);
}

const compressedFiles = new WeakMap<StaticFile, Promise<Uint8Array<ArrayBuffer>>>();

/** Once for each file: the editor alone takes a tenth of a second. */
function compressed(file: StaticFile): Promise<Uint8Array<ArrayBuffer>> {
  const known = compressedFiles.get(file);
  if (known !== undefined) return known;
  const made = promisify(gzip)(file.bytes).then((bytes) => new Uint8Array(bytes));
  compressedFiles.set(file, made);
  return made;
}

function isText({ type, bytes }: StaticFile): boolean {
  return !type.startsWith("font/woff2") && bytes.length > 1000;
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
