/** An identifier for DuckDB's SQL, e.g. `"order"`; quoted always, so that no word is a keyword. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A name as DuckDB compares it: only ASCII letters lose their case. Unicode's rules would take the Kelvin sign for a
 * `k`, and so a table for a CTE of another name.
 */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A string literal for DuckDB's SQL. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
