/**
 * A notebook of SQL cells: a name and its body, options first. `check x` names a check cell.
 *
 *     notebook({ orders: "--| materialize: parquet\nSELECT 1 AS id", "check none": "FROM orders WHERE id > 1" })
 */
export function notebook(cells: Readonly<Record<string, string>>, frontMatter = ""): string {
  const head = frontMatter === "" ? "" : `---\n${frontMatter}\n---\n\n`;
  const fences = Object.entries(cells).map(([name, body]) => {
    const [kind, id] = name.startsWith("check ") ? ["check", name.slice("check ".length)] : ["cell", name];
    return `\`\`\`sql\n--| ${kind}: ${id}\n${body}\n\`\`\`\n`;
  });
  return head + fences.join("\n");
}

/** The body of a dataset: `materialize: parquet`, further options, the query. */
export function dataset(sql: string, ...options: readonly string[]): string {
  return ["--| materialize: parquet", ...options.map((option) => `--| ${option}`), sql].join("\n");
}

/** A chain: every cell reads the one before, a third of them twice, and a third are datasets with a check. */
export function chainOf(length: number): string {
  const cells: Record<string, string> = { c0: "SELECT range AS id, range % 7 AS k FROM range(100)" };
  for (let n = 1; n < length; n++) {
    const before = `c${n - 1}`;
    const kinds = [
      `SELECT a.id, a.k FROM ${before} AS a JOIN ${before} AS b USING (id)`,
      dataset(`SELECT id, max(k) AS k FROM ${before} GROUP BY id`, "checks: [{not_null: [id]}]"),
      `SELECT * FROM ${before} WHERE k >= 0`,
    ];
    cells[`c${n}`] = kinds[n % kinds.length] ?? "";
  }
  return notebook(cells);
}
