/** SQL of this folder reads one relation. */
export const RELATION = "result";

/** A list of expressions with their names, one on each line. */
export function selectList(items: readonly (readonly [sql: string, alias: string])[]): string {
  return items.map(([sql, alias]) => (sql === alias ? `  ${sql}` : `  ${sql} AS ${alias}`)).join(",\n");
}
