import { Readable } from "node:stream";
import type { Context } from "hono";
import type { Download, DownloadFormat } from "../rows/download.js";
import type { WholeValue } from "../rows/whole-value.js";

const types: Readonly<Record<DownloadFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  parquet: "application/vnd.apache.parquet",
};

/** What `answerDownload` and `answerValue` answer with, without parameters. */
export const fileTypes = Object.values(types).map((type) => type.replace(/;.*/, ""));
export const valueTypes = ["text/plain", "application/octet-stream"];

/** Text that pages must not be made of: the browser saves it and never guesses what else it might be. */
export function answerValue(c: Context, value: WholeValue): Response {
  return answerFile(c, value.isBinary ? "application/octet-stream" : "text/plain; charset=utf-8", value);
}

export function answerDownload(c: Context, format: DownloadFormat, download: Download): Response {
  return answerFile(c, types[format], download);
}

function answerFile(c: Context, type: string, { fileName, bytes, stream }: Download): Response {
  c.header("content-type", type);
  c.header("content-disposition", `attachment; filename="${fileName}"`);
  c.header("content-length", String(bytes));
  return c.body(Readable.toWeb(stream) as ReadableStream);
}
