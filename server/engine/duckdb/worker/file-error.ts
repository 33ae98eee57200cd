/** What is said to the user of a failure. */
export interface Words {
  readonly message: string;
  readonly hint?: string;
}

/** Values in a message may be megabytes long. */
export const longestMessage = 800;

const again = "Deliver it again: it was cut off, or changed on its way.";

/** DuckDB's words for a file that it cannot read, and ours; the first group is the file. */
const rules: readonly (readonly [RegExp, (file: string, detail: string) => Words])[] = [
  [
    /^No files found that match the pattern "([\s\S]*)"/,
    (path) => ({ message: /[*?[]/.test(path) ? `"${path}" matches no file.` : `"${path}" does not exist.` }),
  ],
  [
    /^Error when sniffing file "([^"]+\.(?:gz|zst))"/i,
    (file) => ({
      message: `"${file}" is damaged, or what is compressed in it does not look like CSV.`,
      hint: "Test it with gzip -t or zstd -t, and deliver it again; or name its delim, quote and encoding.",
    }),
  ],
  [
    /^Error when sniffing file "([^"]+)"/,
    (file) => ({
      message: `"${file}" does not look like CSV: no delimiter, quote and line break fit all of its lines.`,
      hint: "Name them: read_csv(path, delim = ';', quote = '\"', encoding = 'latin-1'); or read the lines with read_text.",
    }),
  ],
  [
    /^The CSV Reader does not support the encoding: "([^"]*)"/,
    (encoding) => ({
      message: `The encoding "${encoding}" is not known: CSV is read as utf-8, utf-16 or latin-1.`,
      hint: `Write encoding = 'latin-1' for most Western files, or convert it: iconv -f ${encoding} -t UTF-8.`,
    }),
  ],
  [
    /^(?:No magic bytes found at end of file '([^']*)'|File '(.*)' too small to be a Parquet file)/,
    (file, small) => ({
      message: `"${file || small}" is not a Parquet file, or was cut off.`,
      hint: "Deliver it again, or read it as what it is, e.g. with read_csv.",
    }),
  ],
  [
    /^File '([^']*)' is encrypted\b/,
    (file) => ({ message: `"${file}" is encrypted.`, hint: "Deliver it without encryption." }),
  ],
  [/^Footer length error in file '([^']*)'/, damagedParquet],
  [
    /^(?:Failed to read file|Failed to read Parquet file|Could not read enough bytes from file) "([^"]*)": (?!schema mismatch|[Ff]ailed to cast)(.*)/,
    (file, detail) => ({ message: `"${file}" is damaged: ${sentence(detail)}`, hint: again }),
  ],
  [
    /^Failed to read file "([^"]*)": schema mismatch in glob: (column "[^\n]*" was read from the original file "[^\n]*"), but could not be found/,
    (file, detail) => ({
      message: `"${file}" lacks a column that the files before it have: ${sentence(detail)}`,
      hint: "Read them with union_by_name = true, or correct the file.",
    }),
  ],
  [
    /^Failed to read file "([^"]*)": schema mismatch in glob: ([^\n]*)/,
    (file, detail) => ({
      message: `"${file}" does not fit the files before it: ${sentence(detail)}`,
      hint: "Read them with union_by_name = true, or each by itself with casts.",
    }),
  ],
  [
    /^Input is not a GZIP stream: (.*)/,
    (file) => ({
      message: `"${file}" is not compressed by gzip.`,
      hint: "Deliver it again, or name it as what it is, e.g. orders.csv.",
    }),
  ],
  [/^Unsupported GZIP [\w ]+: (.*)/, (file) => ({ message: `"${file}" is damaged gzip.`, hint: again })],
  [
    /^Malformed JSON in file "([^"]*)", ([\s\S]*)$/,
    (file, detail) => ({
      message: `"${file}" is not valid JSON: ${detail.trim()}`,
      hint: /UTF/.test(detail)
        ? "Convert it to UTF-8: iconv -f LATIN1 -t UTF-8 (or -f UTF-16)."
        : "Correct the file, or deliver it again. Of one value a line, ignore_errors = true leaves out those that are wrong; of an array it cannot.",
    }),
  ],
  [
    /^JSON transform error in file "([^"]*)", (in [\s\S]*)$/,
    (file, detail) => ({
      message: `"${file}", ${sentence(paragraph(detail.replace(/\nTry [\s\S]*/, "")))}`,
      hint: "Name the columns and their types: read_json(path, columns = {'id': 'VARCHAR'}); or leave out what does not fit with ignore_errors = true.",
    }),
  ],
  [
    /^Expected top-level JSON array with format='array', but first character is '[\s\S]*?' in file "([^"]*)"/,
    (file) => ({
      message: `"${file}" is not an array of JSON.`,
      hint: "Read it with format = 'newline_delimited', or without a format.",
    }),
  ],
  [
    /^read_text: could not read content of file '([^']*)' as valid UTF-8/,
    (file) => ({
      message: `"${file}" is not UTF-8 text.`,
      hint: "Read it with read_blob, or convert it: iconv -f LATIN1 -t UTF-8.",
    }),
  ],
];

function damagedParquet(file: string): Words {
  return { message: `"${file}" is damaged: its Parquet footer cannot be read.`, hint: again };
}

/** What DuckDB says of a file without naming it. */
const nameless: readonly (readonly [RegExp, string])[] = [
  [/^(Input is not a GZIP stream$|Failed to decode gzip stream)/, "is not whole, valid gzip."],
  [
    /^(Unknown frame descriptor|Data corruption detected|Unsupported frame parameter|Restored data doesn't match|Src size is incorrect|Dictionary mismatch|Version not supported)/,
    "is not whole, valid zstd.",
  ],
  [
    /^(TProtocolException|don't know what type|Out of buffer|Invalid unicode \(byte sequence mismatch\) detected in value construction)/,
    "is damaged: its Parquet data cannot be read.",
  ],
  [/^Error when sniffing file ""/, "does not look like the CSV of the other files."],
];

/** Is it about a file, and does not say which? */
export function lacksFile(text: string): boolean {
  return nameless.some(([words]) => words.test(text));
}

/**
 * Words for what DuckDB says of a file; undefined where it says nothing of any. `file` is the one that was found to be
 * the cause where DuckDB names none.
 */
export function fileWords(text: string, file?: string): Words | undefined {
  if (text.startsWith("CSV Error on Line: ")) return csvWords(text);
  for (const [words, toWords] of rules) {
    const match = words.exec(text);
    if (match !== null) return toWords(match[1] ?? "", match[2] ?? "");
  }
  const words = nameless.find(([pattern]) => pattern.test(text))?.[1];
  if (words === undefined || file === undefined) return undefined;
  return { message: `"${file}" ${words}`, hint: again };
}

/** How each reason begins. What stands before it is the line of the file, which may be several. */
const csvReason =
  /^(?:Error when converting column|Expected Number of Columns:|Value with unterminated quote|Maximum line size of|Invalid unicode|The CSV Parser state machine|Unquoted value|Expected \w|NULL found|It was not possible)/gm;

/** The line of the file is quoted in full, however long it is. */
function csvWords(text: string): Words {
  const [first = ""] = text.split("\n", 1);
  const line = first.slice(first.indexOf(":") + 1).trim();
  const options = text.lastIndexOf("\n  file = ");
  const file = text.slice(options + 10).split("\n", 1)[0] ?? "";
  const body = options === -1 ? text : text.slice(0, options);
  const reason = [...body.matchAll(csvReason)].at(-1);
  const said = reason === undefined ? lastOf(body) : body.slice(reason.index).split("\n", 1)[0];
  const hints = body
    .split("\n")
    .flatMap(
      (row) => /^(?:\* |Possible Solution: )(?!Use a COPY)(.*)/.exec(row.slice(0, longestMessage))?.[1] ?? [],
    );
  const hint = hints.slice(0, 2).map(sentence).join(" ");
  const message = `"${file}", line ${line}: ${sentence(columnCount(said ?? ""))}`;
  return { message, ...(hint === "" ? {} : { hint }) };
}

/** A reason that we do not know: what stands before the remedies. */
function lastOf(body: string): string {
  const before = body.split(/\n(?:Possible |\* )/, 1)[0] ?? "";
  const [, ...rows] = before.split("\n").filter((row) => row.trim() !== "");
  return rows.findLast((row) => !row.startsWith("Original Line: ")) ?? "it cannot be read";
}

function columnCount(reason: string): string {
  const counts = /^Expected Number of Columns: (\d+) Found: (\d+)/.exec(reason);
  if (counts === null) return reason;
  const [, expected = "", found = ""] = counts;
  return `it has ${found} ${found === "1" ? "value" : "values"}, and ${expected} ${expected === "1" ? "is" : "are"} expected`;
}

/** The text up to the first empty line or list of remedies, in one line. */
export function paragraph(text: string): string {
  // A picture of a value with a caret below it.
  const plain = text.replace(/\n[^\n]*\n *\^\n(Error: )?/, ": ");
  const [first = ""] = plain.split(/\n\s*\n|\n\* |\nPossible |\n\s+file = /);
  return first.replace(/\s*\n\s*/g, " ").trim();
}

export function sentence(text: string): string {
  const plain = text.trim().replace(/[!.]+$/, "");
  return plain === "" ? "The query failed." : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
