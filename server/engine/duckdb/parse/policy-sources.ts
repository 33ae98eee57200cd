export type DatabaseKind = "postgres" | "mysql" | "sqlite" | "duckdb" | "other";

/** The command that brings a database's table into `input/`. */
export function exportHint(kind: DatabaseKind): string {
  return `Export it first: ${exportCommand(kind)}`;
}

function exportCommand(kind: DatabaseKind): string {
  switch (kind) {
    case "postgres":
      return `psql -c "\\copy (SELECT ...) TO 'input/orders.csv' CSV HEADER"`;
    case "mysql":
      return `mysql --batch -e "SELECT ..." shop > input/orders.tsv`;
    case "sqlite":
      return `sqlite3 -header -csv shop.db "SELECT ..." > input/orders.csv`;
    case "duckdb":
      return `duckdb shop.db -c "COPY (SELECT ...) TO 'input/orders.parquet'"`;
    case "other":
      return `write its rows as CSV, JSON or Parquet into input/, e.g. psql -c "\\copy (SELECT ...) TO 'input/orders.csv' CSV HEADER"`;
  }
}
