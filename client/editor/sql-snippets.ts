import type { Clause } from "./sql-scopes.js";

export interface SqlSnippet {
  readonly label: string;
  readonly detail: string;
  /** With `$1`, `${2:name}` and `$0`. */
  readonly text: string;
  readonly place: "start" | "operand" | "operator" | "relation";
  /** Absent: any clause of that place. */
  readonly clauses?: readonly Clause[];
}

/** Forms that are long to type or hard to remember. */
export const snippets: readonly SqlSnippet[] = [
  {
    label: "SELECT … FROM …",
    detail: "All columns",
    place: "start",
    text: "SELECT ${2:*}\nFROM ${1:relation}$0",
  },
  {
    label: "SELECT … GROUP BY ALL",
    detail: "Count by a column",
    place: "start",
    text: "SELECT ${2:column}, count(*) AS n\nFROM ${1:relation}\nGROUP BY ALL\nORDER BY n DESC$0",
  },
  {
    label: "WITH … AS (…)",
    detail: "A named query",
    place: "start",
    text: "WITH ${1:name} AS (\n  ${2:SELECT *}\n  FROM ${3:relation}\n)\nSELECT *\nFROM ${1:name}$0",
  },
  {
    label: "FROM read_csv(…)",
    detail: "A CSV file",
    place: "start",
    text: "SELECT *\nFROM read_csv('input/${1:file.csv}')$0",
  },
  {
    label: "FROM read_json(…)",
    detail: "A JSON file",
    place: "start",
    text: "SELECT *\nFROM read_json('input/${1:file.json}')$0",
  },
  {
    label: "PIVOT … ON … USING …",
    detail: "Rows to columns",
    place: "start",
    text: "PIVOT ${1:relation}\nON ${2:column} IN (${3:values})\nUSING ${4:sum(value)}\nGROUP BY ${5:key}$0",
  },
  {
    label: "SUMMARIZE …",
    detail: "Statistics of each column",
    place: "start",
    text: "SUMMARIZE ${1:relation}$0",
  },
  { label: "(SELECT …)", detail: "A subquery", place: "relation", text: "(\n  SELECT $1\n  FROM $2\n)$0" },
  {
    label: "CASE WHEN … END",
    detail: "A choice",
    place: "operand",
    text: "CASE WHEN ${1:condition} THEN ${2:value} ELSE ${3:other} END$0",
  },
  {
    label: "row_number() OVER (…)",
    detail: "Number the rows of a group",
    place: "operand",
    clauses: ["select", "qualify"],
    text: "row_number() OVER (PARTITION BY ${1:column} ORDER BY ${2:column})$0",
  },
  {
    label: "lag(…) OVER (…)",
    detail: "The row before",
    place: "operand",
    clauses: ["select"],
    text: "lag(${1:column}) OVER (PARTITION BY ${2:key} ORDER BY ${3:time})$0",
  },
  {
    label: "count(*) FILTER (WHERE …)",
    detail: "Count some of the rows",
    place: "operand",
    clauses: ["select", "having"],
    text: "count(*) FILTER (WHERE ${1:condition})$0",
  },
  {
    label: "QUALIFY row_number() … = 1",
    detail: "One row of each group",
    place: "operator",
    clauses: ["from", "on", "using", "where", "group"],
    text: "QUALIFY row_number() OVER (PARTITION BY ${1:key} ORDER BY ${2:time} DESC) = 1$0",
  },
  {
    label: "GROUP BY ALL",
    detail: "By every column that isn't aggregated",
    place: "operator",
    clauses: ["from", "on", "using", "where"],
    text: "GROUP BY ALL",
  },
  {
    label: "ORDER BY … LIMIT …",
    detail: "The first rows",
    place: "operator",
    clauses: ["from", "on", "using", "where", "group", "having"],
    text: "ORDER BY ${1:column} DESC\nLIMIT ${2:10}$0",
  },
  {
    label: "LEFT JOIN … USING (…)",
    detail: "Keep the rows without a match",
    place: "operator",
    clauses: ["from", "on", "using"],
    text: "LEFT JOIN ${1:relation} USING (${2:column})$0",
  },
  {
    label: "ASOF JOIN … ON …",
    detail: "The nearest earlier row",
    place: "operator",
    clauses: ["from", "on", "using"],
    text: "ASOF JOIN ${1:relation} ON ${2:key = key} AND ${3:time >= time}$0",
  },
];
