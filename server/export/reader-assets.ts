import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isSystemError } from "../base/errors.js";

/** What makes a report by itself look and act as on the page: each one text, with all that it needs. */
export interface ReaderAssets {
  readonly style: string;
  readonly script: string;
}

/** As the build leaves them beside the bundle. Without a build a report is plain. */
export function readerAssets(): ReaderAssets {
  return (kept ??= { style: read("reader.css"), script: read("reader.js").trim() });
}

let kept: ReaderAssets | undefined;

function read(name: string): string {
  try {
    return readFileSync(resolve(import.meta.dirname, "../client/reader", name), "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return "";
    throw error;
  }
}

/** Nothing from another place, and no script but that one; the page works from a disk and from behind a link alike. */
export function htmlPolicy({ script }: ReaderAssets): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const scripts = script === "" ? "" : ` script-src 'sha256-${hash}';`;
  return `default-src 'none';${scripts} style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`;
}
