import type { KindWords } from "./kind.js";

export const sql: KindWords = {
  label: "SQL",
  noun: "SQL cell",
  stem: "cell",
  keys: "b",
  starter: (name, { sql: query = "SELECT 1 AS one" }) => `--| cell: ${name}\n${query}`,
  settings:
    "materialize, partition_by, key, checks, columns, format, description, owner, tags, retries, timeout, depends_on, disabled, width",
};
