/**
 * A table as text: numbers to the right, everything else to the left. Control characters of cell values are
 * shown as escapes, so that no value can drive the terminal.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  maxWidth = 60,
): string {
  const texts = rows.map((row) => row.map((value) => shorten(cellText(value), maxWidth)));
  const isNumber = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column] === null || isNumeric(row[column])),
  );
  const widths = header.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, column) =>
        isNumber[column] === true ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...texts.map(line)].join("\n");
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  return escapeControls(typeof value === "string" ? value : JSON.stringify(value));
}

/** Makes control characters (escape sequences too) visible instead of effective. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function shorten(text: string, maxWidth: number): string {
  return text.length <= maxWidth ? text : `${text.slice(0, maxWidth - 1)}…`;
}

/** A message and what to do about it, as sentences. */
export function withHint(message: string, hint: string | undefined): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}
