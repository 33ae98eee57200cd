import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { Download } from "./download.js";
import { readSelection, requireColumn, type ValueRequest } from "./result-pages.js";
import type { StoredRows } from "./stored-rows.js";

export interface WholeValue extends Download {
  /** The bytes of a BLOB as they are; otherwise the value's text. */
  readonly isBinary: boolean;
}

const TIMEOUT_MS = 60_000;
/** Larger ones are in the downloads of all rows. */
const MAX_BYTES = 1024 ** 3;

/**
 * One value of stored rows, which passes through a file: it may be larger than what this process should hold. NULL has
 * no bytes. Fails with code not-found where there is no such row, and usage where there is no such column.
 */
export async function readWholeValue(
  { lake, engine }: { readonly lake: Lake; readonly engine: Engine },
  stored: StoredRows,
  request: ValueRequest & { readonly name: string },
  signal: AbortSignal,
): Promise<WholeValue> {
  const { row } = request;
  const column = requireColumn(request.column, stored.columns).name;
  if (stored.files.length === 0) throw new AppError("not-found", `There is no row ${String(row)}.`);
  const selection = { table: stored, ...readSelection(request, stored.columns) };
  const folder = join(lake.paths.tmp, `value-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    const file = join(folder, "value");
    const { rows, bytes, isBinary } = await engine.copyValue(
      { ...selection, row, column, file },
      { label: `value of ${request.name}`, timeoutMs: TIMEOUT_MS, signal },
    );
    if (rows === 0) throw new AppError("not-found", `There is no row ${String(row)}.`);
    if (bytes > MAX_BYTES)
      throw new AppError("usage", "The value is larger than 1 GB.", { hint: "Download all rows." });
    const stream = (await open(file, "r")).createReadStream();
    const ending = isBinary ? "bin" : "txt";
    const name = `${request.name}_${request.column}_${String(row + 1)}`;
    return { fileName: `${name.replace(/[^\w.-]+/g, "_").slice(0, 150)}.${ending}`, bytes, stream, isBinary };
  } finally {
    // What is open can be read to its end.
    await rm(folder, { recursive: true, force: true });
  }
}
