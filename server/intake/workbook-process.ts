import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { join } from "node:path";
import { readXlsx, streamXlsxRows, type StreamRow } from "hucre/xlsx";
import { SheetTableWriter } from "./sheet-table.js";
import type { ConvertedSheet, WorkbookAnswer } from "./workbook.js";

/** A small workbook may hold a very long one. */
const MAX_CSV_BYTES = 4 * 2 ** 30;

/**
 * A process of its own: `node workbook-process.js FILE FOLDER` writes each sheet to FOLDER and prints a `WorkbookAnswer`. A crafted
 * workbook ends it and nothing else.
 */
async function main([file = "", folder = ""]: readonly string[]): Promise<WorkbookAnswer> {
  const bytes = await readFile(file);
  const names: { readonly name: string; readonly isHidden: boolean }[] = [];
  await readXlsx(bytes, {
    sheets: ({ name, hidden, veryHidden }) => {
      names.push({ name, isHidden: hidden === true || veryHidden === true });
      return false;
    },
  });
  const sheets: ConvertedSheet[] = [];
  for (const [index, { name }] of names.entries()) {
    if (names[index]?.isHidden === true) continue;
    const sheet = await convert(bytes, name, join(folder, `sheet_${String(index)}.csv`));
    if (sheet !== undefined) sheets.push(sheet);
  }
  return { sheets, hidden: names.flatMap(({ name, isHidden }) => (isHidden ? [name] : [])) };
}

async function convert(bytes: Buffer, name: string, file: string): Promise<ConvertedSheet | undefined> {
  const output = createWriteStream(file, { flags: "wx", mode: 0o600 });
  let written = 0;
  const writer = new SheetTableWriter((line) => {
    written += line.length;
    output.write(line);
  });
  for await (const row of rowsOf(bytes, name)) {
    writer.add(row.values, row.index);
    if (written > MAX_CSV_BYTES) throw new Error(`Sheet "${name}" is too large.`);
    if (output.writableNeedDrain) await once(output, "drain");
  }
  const table = writer.end();
  output.end();
  await finished(output);
  return table === undefined ? undefined : { name, file, ...table };
}

/** A sheet of nothing but a chart has no rows. */
async function* rowsOf(bytes: Buffer, sheet: string): AsyncGenerator<StreamRow> {
  try {
    yield* streamXlsxRows(bytes, { sheet });
  } catch (error) {
    if (!(error instanceof Error && /missing worksheet file/.test(error.message))) throw error;
  }
}

try {
  process.stdout.write(JSON.stringify(await main(process.argv.slice(2))));
} catch (error) {
  process.stdout.write(JSON.stringify({ problem: error instanceof Error ? error.message : String(error) }));
}
