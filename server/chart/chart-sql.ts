/** SQL of this folder reads one relation. */
export const RELATION = "result";

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of expressions with their names, one on each line. */
export function selectList(items: readonly (readonly [sql: string, alias: string])[]): string {
  return items.map(([sql, alias]) => (sql === alias ? `  ${sql}` : `  ${sql} AS ${alias}`)).join(",\n");
}
