import { randomUUID } from "node:crypto";
import { open, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { requirePublished } from "./published-place.js";
import {
  useCellRows,
  usePublishedRows,
  type RowsRequest,
  type RowsServices,
  type StoredRows,
} from "./stored-rows.js";

export const downloadFormats = ["csv", "json", "parquet"] as const;
export type DownloadFormat = (typeof downloadFormats)[number];

export interface Download {
  readonly fileName: string;
  readonly bytes: number;
  readonly stream: Readable;
}

const TIMEOUT_MS = 10 * 60_000;

/**
 * A published dataset as one file. What was published as one is sent as it is; anything else is written anew.
 * Fails with code not-found where the dataset was not published for that date.
 */
export async function downloadDataset(
  { lake, engine }: { readonly lake: Lake; readonly engine: Engine },
  wanted: { readonly date: string; readonly dataset: string; readonly format: DownloadFormat },
  signal: AbortSignal,
): Promise<Download> {
  const { dataset, format } = wanted;
  return usePublishedRows(lake, wanted.date, dataset, async (stored) => {
    const { runDate, version } = requirePublished(lake, dataset, wanted.date);
    const name = `${dataset}_${wanted.date === "latest" ? runDate : wanted.date}`;
    const published = await findPublishedFile(lake, dataset, version, format);
    if (published !== undefined)
      return { fileName: fileNameOf(name, format), ...(await streamFile(published)) };
    return write({ lake, engine }, { stored, name, format }, signal);
  });
}

/** What a run made of a cell, or the rows that fail a check. Fails with code not-found where there is none. */
export async function downloadCell(
  services: RowsServices,
  { format, ...request }: RowsRequest & { readonly format: DownloadFormat },
  signal: AbortSignal,
): Promise<Download> {
  return useCellRows(services, request, (stored) => {
    if (stored.files.length === 0) throw new AppError("not-found", `No row fails "${request.cell}".`);
    return write(services, { stored, name: request.cell, format }, signal);
  });
}

interface Written {
  readonly stored: StoredRows;
  readonly name: string;
  readonly format: DownloadFormat;
}

/** By the engine, into a folder that is removed once the file is sent. */
async function write(
  { lake, engine }: { readonly lake: Lake; readonly engine: Engine },
  { stored, name, format }: Written,
  signal: AbortSignal,
): Promise<Download> {
  const folder = join(lake.paths.tmp, `download-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { files } = await engine.export(
      { table: stored, folder, format },
      { label: `download of ${name}`, timeoutMs: TIMEOUT_MS, signal },
    );
    const [file, ...others] = files.filter((candidate) => candidate.format === format);
    if (file === undefined || others.length > 0)
      throw new AppError("internal", `"${name}" cannot be written as one file.`);
    const { bytes, stream } = await streamFile(join(folder, file.path));
    stream.once("close", () => void remove());
    return { fileName: fileNameOf(name, format), bytes, stream };
  } catch (error) {
    await remove();
    throw error;
  }
}

function fileNameOf(name: string, format: DownloadFormat): string {
  return `${name.replace(/[^\w.-]+/g, "_")}.${format}`;
}

/** The version's only file of that format, unless it has several or none. */
async function findPublishedFile(
  lake: Lake,
  dataset: string,
  version: string,
  format: DownloadFormat,
): Promise<string | undefined> {
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
