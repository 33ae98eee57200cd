import { AppError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import type { DeliveredFiles } from "../engine/verbs.js";

/** Columns that a reader has beside those of its files, where it reads them for nothing else. */
const VIRTUAL = /\b(filename|file_row_number|file_index|rowid)\b/i;

/** Where a query names such a column, or one that is called so. */
export function virtualColumn(sql: string): { readonly name: string; readonly start: number } | undefined {
  const match = VIRTUAL.exec(sql);
  return match === null ? undefined : { name: match[0], start: match.index };
}

/** The query as it is where only the rows of some files are wanted: there those columns are no longer. */
export function ofSomeFiles(engine: Engine, sql: string, files: readonly DeliveredFiles[]): string {
  const some = files.map(({ all, only, ...name }) => ({ ...name, all: [...all, ...all], only }));
  return engine.nameDelivered(sql, some).text;
}

/** Of a cell whose query cannot be bound so: the next delivery would fail. */
export function virtualColumnError(
  cell: string,
  column: string,
  [first]: readonly DeliveredFiles[],
): AppError {
  const { path = "", reader = "" } = first?.reference ?? {};
  return new AppError(
    "query",
    `"${cell}" adds deliveries up, whose files together have no column ${column}.`,
    column.toLowerCase() === "filename"
      ? { hint: `Name it where the file is read: ${reader || "read_csv"}('${path}', filename = true).` }
      : { hint: "Leave it out, or leave incremental out." },
  );
}
