import { messageOf } from "../../../base/errors.js";
import { quoteLiteral } from "../../../text/sql-names.js";
import { tokenize } from "../parse/lexer.js";
import { looksLikePath } from "../parse/policy-paths.js";
import { lacksFileName } from "./query-error.js";
import type { WorkerInstance } from "./worker-instance.js";

/**
 * The file that an error is about which names none: the first of those that the query names that fails so when it is
 * read by itself. Undefined where there is none, and for all other errors.
 */
export async function findBrokenFile(
  instance: WorkerInstance,
  sql: string,
  error: unknown,
): Promise<string | undefined> {
  if (!lacksFileName(error)) return undefined;
  const { tokens } = tokenize(sql);
  const paths = tokens.flatMap(({ kind, value }) =>
    kind === "string" && looksLikePath(value) ? [value] : [],
  );
  const isSniffed = messageOf(error).includes("sniffing file");
  for (const path of new Set(paths))
    for (const file of await filesOf(instance, path))
      if (await isBroken(instance, file, isSniffed)) return file;
  return undefined;
}

/** Sorted; a text of the query that only looks like a path matches none. */
async function filesOf(instance: WorkerInstance, path: string): Promise<readonly string[]> {
  const rows = await instance.rows(`FROM glob(${quoteLiteral(path)}) ORDER BY 1`).catch(() => []);
  return rows.map(([file]) => String(file));
}

async function isBroken(instance: WorkerInstance, file: string, isSniffed: boolean): Promise<boolean> {
  try {
    await instance.rows(readAll(file, isSniffed));
    return false;
  } catch (error) {
    return lacksFileName(error) || (isSniffed && messageOf(error).includes("sniffing file"));
  }
}

/** Whatever stands in it: that it can be decompressed and decoded is all that is asked. */
function readAll(file: string, isSniffed: boolean): string {
  const path = quoteLiteral(file);
  if (isSniffed) return `FROM sniff_csv(${path})`;
  if (/\.parquet$/i.test(file)) return `SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${path})`;
  const asLines = `columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '\x01', quote = '', escape = ''`;
  return `SELECT count(*) FROM read_csv(${path}, ${asLines}, strict_mode = false, ignore_errors = true)`;
}
