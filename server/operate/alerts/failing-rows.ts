import type { Engine } from "../../engine/engine.js";
import type { Lake } from "../../lake/lake.js";
import { readPage } from "../../rows/result-pages.js";
import { useFailingRows } from "../../rows/stored-rows.js";
import type { CheckRecord } from "../../runs/run-record.js";
import { formatValue } from "../../text/format.js";
import type { AlertRows } from "./alert-event.js";
import { boundLine } from "./bound-text.js";

const ROWS = 5;
const COLUMNS = 8;
const CHARACTERS = 60;
const TIMEOUT_MS = 15_000;

/** The first rows that failed a check; undefined where none are kept or they cannot be read soon. */
export async function firstFailingRows(
  services: { readonly lake: Lake; readonly engine: Engine },
  check: Pick<CheckRecord, "name" | "file">,
): Promise<AlertRows | undefined> {
  if (check.file === undefined) return undefined;
  const request = { offset: 0, limit: ROWS, sort: [], filter: [] };
  try {
    const page = await useFailingRows(services, check, (rows) =>
      readPage(services, rows, request, AbortSignal.timeout(TIMEOUT_MS)),
    );
    const columns = page.columns.slice(0, COLUMNS);
    return {
      columns: columns.map(({ name }) => boundLine(name, CHARACTERS)),
      rows: page.rows.map((row) =>
        columns.map(({ kind }, index) => boundLine(formatValue(row[index], kind).text, CHARACTERS)),
      ),
    };
  } catch {
    // The message says how many there are, and leads to them.
    return undefined;
  }
}
