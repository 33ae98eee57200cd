import type { FileReference } from "../../../graph/query-analysis.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import type { FileCall } from "../../lineage.js";

/** Undefined where the place of a call is not known. */
export function fileCalls(sql: string, files: readonly FileReference[]): readonly FileCall[] | undefined {
  const calls = new Map<number, FileCall>();
  for (const reference of files) {
    const { call, path } = reference;
    if (call === undefined) return undefined;
    const known = calls.get(call.start);
    const paths = [...(known?.paths ?? []), path];
    const text = `SELECT * FROM ${sql.slice(call.start, call.end)}`;
    calls.set(call.start, { reference: known?.reference ?? reference, paths, sql: text });
  }
  return [...calls.values()];
}

/** A condition on the rows of a relation, as a query of it. */
export function conditionSql(condition: string, relation: string): string {
  return `SELECT (\n${condition}\n) FROM ${quoteIdentifier(relation)}`;
}
