import { AppError } from "../../base/errors.js";
import type { FileReader } from "../../engine/verbs.js";
import type { TestRows, TestValue } from "../../notebook/notebook.js";
import { matchInputFiles } from "../../runs/skipped-files.js";
import type { TestServices } from "./test-sources.js";
import type { WrittenRows } from "./test-table.js";

/** More are no example. */
export const MAX_TEST_ROWS = 10_000;

/** The rows that a test writes down, or those of the file that it names. */
export async function writtenRows(
  services: TestServices,
  rows: TestRows,
  signal: AbortSignal,
): Promise<WrittenRows> {
  if (rows.type === "rows") return { columns: rows.columns.map(({ name }) => name), rows: rows.rows };
  const { engine, view, workspace } = services;
  await matchInputFiles(workspace, rows.path);
  const scope = { root: view.root, readable: view.readable, relations: [], parameters: [] };
  const task = { scope, sql: engine.readerSql(readerOf(rows.path)), limit: MAX_TEST_ROWS };
  const result = await engine.query(task, { label: rows.path, signal });
  if (result.truncated) throw tooManyRows(rows.path);
  return {
    columns: result.columns.map(({ name }) => name),
    rows: result.rows.map((row) => ({ values: row.map(toValue) })),
  };
}

export function tooManyRows(what: string): AppError {
  return new AppError("usage", `"${what}" has more than ${MAX_TEST_ROWS.toLocaleString("en-US")} rows.`, {
    hint: "A test is an example: a few rows say more.",
  });
}

function readerOf(path: string): FileReader {
  if (/\.(?:csv|tsv)$/i.test(path)) return { type: "csv", path, options: { isAllText: true, header: true } };
  if (/\.(?:json|jsonl|ndjson)$/i.test(path)) return { type: "json", path };
  if (/\.parquet$/i.test(path)) return { type: "parquet", path };
  throw new AppError("usage", `"${path}" is no CSV, JSON or Parquet file.`, {
    hint: "Name a file below input/, or write the rows themselves.",
  });
}

function toValue(value: unknown): TestValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "object") return { json: JSON.stringify(value) };
  const scalar = value as string | number | boolean;
  return { value: scalar, text: String(scalar) };
}
