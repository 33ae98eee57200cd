/** Every code that reading a notebook may report, with what it means. The reference lists them. */
export const notebookDiagnosticCodes = {
  "invalid-utf8": "The file holds bytes that are not UTF-8, so it cannot be saved without losing them.",
  "notebook-limit": "The notebook is over 1 MiB or has over 2,000 cells: it is shown and saved, never run.",
  "misplaced-front-matter": "Front matter stands below blank lines, where it is prose.",
  "unclosed-front-matter": "The front matter has no closing `---` before the first fence.",
  "unclosed-fence": "A fence has no closing line, so it runs on into what follows.",
  "not-a-cell": "A fence looks like a cell but its header is not written as one, so it never runs.",
  "nested-cell": "A fence in a list or a quotation looks like a cell; there it is prose.",
  "late-option": "An option line stands below the first line of SQL, where it is only a comment.",
  "empty-cell": "A SQL or check cell has no query.",
  "invalid-yaml": "The options, the front matter, a chart or an input is not valid YAML.",
  "yaml-limit": "A piece of YAML is too long, too deep, or expands to too much.",
  "duplicate-key": "A key is written twice in the same place; the first one counts.",
  "unknown-key": "A key means nothing here; it is kept in the file.",
  "invalid-option": "A value has the wrong type or form.",
  "missing-option": "A key that is needed here is absent.",
  "unused-option": "An option has no effect without another one.",
  "unknown-check": "A check is of a kind that does not exist.",
  "invalid-name": "A name is not a lower-case letter or underscore, then letters, digits and underscores.",
  "reserved-name": "A name belongs to the product.",
  "duplicate-cell": "Two cells of the notebook have the same name.",
  "duplicate-parameter": "An input cell has the name of a parameter of the front matter.",
  "invalid-parameter": "A parameter's definition or its default does not fit its type.",
  "invalid-schedule": "The schedule's cron expression or time zone is wrong.",
} as const;

export type NotebookDiagnosticCode = keyof typeof notebookDiagnosticCodes;
