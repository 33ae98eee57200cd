import { randomUUID } from "node:crypto";
import { open, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../base/errors.js";
import { quoteIdentifier } from "../base/sql-names.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { scopeOf } from "./result-pages.js";
import { findPublishedRows } from "./stored-rows.js";

export type DownloadFormat = "csv" | "parquet";

export interface Download {
  readonly fileName: string;
  readonly bytes: number;
  readonly stream: Readable;
}

const TIMEOUT_MS = 10 * 60_000;

/**
 * A published dataset as one file. What was published as one is sent as it is; anything else is written anew by the
 * engine, and removed once it is sent. Fails with code not-found where the dataset was not published for that date.
 */
export async function downloadDataset(
  { lake, engine }: { readonly lake: Lake; readonly engine: Engine },
  wanted: { readonly date: string; readonly dataset: string; readonly format: DownloadFormat },
  signal?: AbortSignal,
): Promise<Download> {
  const { dataset, format } = wanted;
  const stored = await findPublishedRows(lake, wanted.date, dataset);
  const runDate = lake.resolve(dataset, wanted.date === "latest" ? undefined : wanted.date)?.runDate ?? "";
  const fileName = `${dataset}_${runDate}`.replace(/[^\w.-]+/g, "_") + `.${format}`;
  const published = await findPublishedFile(lake, runDate, dataset, format);
  if (published !== undefined) return { fileName, ...(await streamFile(published)) };

  const folder = join(lake.paths.tmp, `download-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const columns = stored.columns.map(({ name }) => quoteIdentifier(name)).join(", ");
    const { files } = await engine.materialize(
      {
        scope: scopeOf(stored),
        sql: `SELECT ${columns} FROM result`,
        folder,
        dataset,
        formats: ["parquet", format],
        partitionBy: [],
        isOrdered: true,
        metadata: {},
      },
      { label: `download of ${dataset}`, timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) },
    );
    const [file, ...others] = files.filter((candidate) => candidate.format === format);
    if (file === undefined || others.length > 0)
      throw new AppError("internal", `"${dataset}" cannot be written as one file.`);
    const { bytes, stream } = await streamFile(join(folder, file.path));
    stream.once("close", () => void remove());
    return { fileName, bytes, stream };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The version's only file of that format, unless it has several or none. */
async function findPublishedFile(
  lake: Lake,
  runDate: string,
  dataset: string,
  format: DownloadFormat,
): Promise<string | undefined> {
  const version = lake.resolve(dataset, runDate)?.version;
  if (version === undefined) return undefined;
  const { files } = await lake.manifest(dataset, version);
  const [file, ...others] = files.filter((candidate) => candidate.format === format);
  if (file === undefined || others.length > 0) return undefined;
  return join(lake.versionFolder(dataset, version), file.path);
}

/** Opened at once: it can be read to its end whatever becomes of its name meanwhile. */
async function streamFile(path: string): Promise<Omit<Download, "fileName">> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  return { bytes: size, stream: handle.createReadStream() };
}
