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
