import type { FileReference } from "../../../graph/query-analysis.js";
import { EditedText } from "../../../text/edited-text.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { FileCall } from "../../lineage.js";

/** Undefined where the place of a call is not known. `rename`: where a path lies that the query writes. */
export function fileCalls(
  sql: string,
  files: readonly FileReference[],
  rename: (path: string) => string = (path) => path,
): readonly FileCall[] | undefined {
  const calls = new Map<number, FileReference[]>();
  for (const reference of files) {
    if (reference.call === undefined) return undefined;
    const { start } = reference.call;
    calls.set(start, [...(calls.get(start) ?? []), reference]);
  }
  return [...calls.values()].flatMap((references) => {
    const [reference] = references;
    if (reference?.call === undefined) return [];
    const { start, end } = reference.call;
    const renamed = references.flatMap(({ path, span }) =>
      rename(path) === path
        ? []
        : [{ span: { start: span.start - start, end: span.end - start }, text: quoteLiteral(rename(path)) }],
    );
    const call = new EditedText(sql.slice(start, end), renamed).text;
    return [{ reference, paths: references.map(({ path }) => path), sql: `SELECT * FROM ${call}` }];
  });
}

/** A condition on the rows of a relation, as a query of it. */
export function conditionSql(condition: string, relation: string): string {
  return `SELECT (\n${condition}\n) FROM ${quoteIdentifier(relation)}`;
}
