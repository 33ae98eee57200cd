/** What an agent has to know to write SQL here; the long form is in the documents. */
export const sqlReference = `# SQL in Lakebook

DuckDB's dialect, one query that reads: SELECT, FROM-first, WITH, VALUES, PIVOT, UNPIVOT, SUMMARIZE, DESCRIBE. COPY, CREATE, ATTACH,
INSTALL, SET, INSERT and several statements are refused.

What can be read

- \`lake.orders\`: the dataset as of its newest run date. \`"2026-10-01".orders\`: as published for that date;
  \`"2026-10-01@3".orders\`: that date's third publication.
- \`read_csv('input/…')\`, \`read_json\`, \`read_parquet\`: files below \`input/\` and the folders of \`data_paths\`, by literal path or glob.
  Never \`data_lake/\`: name the dataset.
- \`lakebook.datasets\`, \`columns\`, \`files\`, \`runs\`, \`checks\`, \`versions\`: what Lakebook knows.
- With a notebook: its cells by name, as they were last run, and its parameters as \`$name\`; built in are \`$run_date\`,
  \`$interval_start\`, \`$interval_end\`.

A cell of a notebook is a \`sql\` fence whose first line is \`--| cell: name\`. Further lines that begin with \`--|\` are its
options, as YAML: \`materialize: parquet\` makes it a dataset; \`partition_by\`, \`key\`, \`checks\` (not_null, unique,
accepted_values, range, pattern, not_in_future, relationships, row_count, row_count_matches, freshness, volume, schema, expression)
belong to it. Each check may have \`severity: warn\`, \`max\` (rows that may fail, or a share such as \`0.5%\`) and, where it looks at rows, \`where\`;
\`on_fail: quarantine\` of one that looks at single rows publishes the good ones and puts the others into \`<dataset>__quarantine\`. \`--| check: name\` begins a check: its rows are those
that are wrong.

Integers of 64 bits and decimals come as strings.
`;
