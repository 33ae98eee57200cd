import { Readable } from "node:stream";
import type { Context } from "hono";
import type { Download, DownloadFormat } from "../runs/download.js";

const types: Readonly<Record<DownloadFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  parquet: "application/vnd.apache.parquet",
};

export function answerDownload(
  c: Context,
  format: DownloadFormat,
  { fileName, bytes, stream }: Download,
): Response {
  c.header("content-type", types[format]);
  c.header("content-disposition", `attachment; filename="${fileName}"`);
  c.header("content-length", String(bytes));
  return c.body(Readable.toWeb(stream) as ReadableStream);
}
