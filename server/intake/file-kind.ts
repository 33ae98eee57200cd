import { AppError } from "../base/errors.js";

/** What the beginning and the end of a file tell. */
export interface FileEnds {
  readonly name: string;
  readonly bytes: number;
  /** Unpacked, where `compression` says so. */
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly compression: "none" | "gzip" | "zstd";
  /** The head is all of it. */
  readonly isWhole: boolean;
}

export type FileKind = "csv" | "json" | "parquet" | "workbook";

const TEXT_OR_PARQUET = "Save it as CSV, JSON or Parquet.";
const FROM_A_SHEET =
  "Open it in a spreadsheet program and save it as .xlsx, or the sheet as CSV (in LibreOffice: File, Save As, Text CSV).";

const signatures: readonly {
  readonly begins: string;
  readonly at?: number;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    begins: "\xd0\xcf\x11\xe0\xa1\xb1",
    what: "an old or encrypted Office file (.xls)",
    hint: `${FROM_A_SHEET} A password has to be removed first.`,
  },
  { begins: "PARE", what: "an encrypted Parquet file", hint: "Deliver it without encryption." },
  { begins: "%PDF", what: "a PDF", hint: "Ask for the data behind it as CSV, JSON, Parquet or .xlsx." },
  { begins: "\x89PNG", what: "a picture", hint: TEXT_OR_PARQUET },
  { begins: "\xff\xd8\xff", what: "a picture", hint: TEXT_OR_PARQUET },
  { begins: "GIF8", what: "a picture", hint: TEXT_OR_PARQUET },
  { begins: "RIFF", what: "a picture, a sound or a film", hint: TEXT_OR_PARQUET },
  { begins: "SQLite format 3\0", what: "a SQLite database", hint: "Export its tables as CSV." },
  {
    begins: "DUCK",
    at: 8,
    what: "a DuckDB database",
    hint: "Export its tables: EXPORT DATABASE 'folder' (FORMAT parquet).",
  },
  { begins: "BZh", what: "packed with bzip2", hint: "Unpack it, or pack it with gzip." },
  { begins: "\xfd7zXZ", what: "packed with xz", hint: "Unpack it, or pack it with gzip." },
  { begins: "7z\xbc\xaf", what: "a 7z archive", hint: "Unpack it and add the files that are in it." },
  { begins: "Rar!", what: "a RAR archive", hint: "Unpack it and add the files that are in it." },
  { begins: "ustar", at: 257, what: "a tar archive", hint: "Unpack it and add the files that are in it." },
  { begins: "ARROW1", what: "an Arrow file", hint: "Save it as Parquet." },
  { begins: "Obj\x01", what: "an Avro file", hint: "Save it as Parquet." },
  { begins: "ORC", what: "an ORC file", hint: "Save it as Parquet." },
];

/**
 * The kind of a file by its content; its name decides only between kinds of text. Fails with code input, and a hint
 * what to do, for what cannot be read.
 */
export function kindOfFile(file: FileEnds): FileKind {
  const { name, bytes, head, tail, compression } = file;
  if (bytes === 0) throw refusal(name, "is empty: it has 0 bytes", "Deliver it again.");
  // Only the engine unpacks zstd.
  if (compression === "zstd") return /\.(json|jsonl|ndjson|geojson)\b/i.test(name) ? "json" : "csv";
  const start = head.subarray(0, 512).toString("latin1");
  if (start.startsWith("PAR1") && compression === "none") {
    if (tail.toString("latin1").endsWith("PAR1")) return "parquet";
    throw refusal(name, "is a Parquet file that is cut off", "Deliver it again.");
  }
  if (start.startsWith("PK\x03\x04")) return kindOfZip(file);
  const known = signatures.find(({ begins, at = 0 }) => start.startsWith(begins, at));
  // Letters alone may be the beginning of a text.
  const isCertain = known !== undefined && (/[^ -~]|^%PDF/.test(known.begins) || !isPlainText(head));
  if (isCertain) throw refusal(name, `is ${known.what}`, known.hint);
  return kindOfText(file, start);
}

function kindOfZip({ name, head, tail }: FileEnds): FileKind {
  const names = head.toString("latin1") + tail.toString("latin1");
  if (names.includes("xl/workbook.xml")) return "workbook";
  if (names.includes("xl/workbook.bin")) throw refusal(name, "is a binary workbook (.xlsb)", FROM_A_SHEET);
  if (names.includes("opendocument.spreadsheet"))
    throw refusal(name, "is an OpenDocument spreadsheet (.ods)", FROM_A_SHEET);
  if (/word\/document\.xml|ppt\/presentation\.xml|opendocument\./.test(names))
    throw refusal(name, "is a document, not a table", TEXT_OR_PARQUET);
  throw refusal(name, "is a zip archive", "Unpack it and add the files that are in it.");
}

function kindOfText({ name, head, tail, compression }: FileEnds, start: string): FileKind {
  if (isBinary(head)) throw refusal(name, "is neither text nor Parquet nor a workbook", TEXT_OR_PARQUET);
  const text = start
    .replaceAll("\0", "")
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "")
    .trimStart();
  if (/^<(\?xml|!doctype|html|table|svg)/i.test(text)) {
    const isSheet = /\.xls$/i.test(name);
    throw refusal(
      name,
      isSheet ? "is a web page with the ending .xls" : "is a web page or XML",
      isSheet ? FROM_A_SHEET : TEXT_OR_PARQUET,
    );
  }
  const looksLikeJson = /^[[{]/.test(text);
  const isNamedJson = /\.(json|jsonl|ndjson|geojson)(\.gz)?$/i.test(name);
  if (!isNamedJson && (!looksLikeJson || /\.(csv|tsv)(\.gz)?$/i.test(name))) return "csv";
  // The engine reads what is there of an array, without a word.
  const end = tail.toString("latin1").replaceAll("\0", "").trimEnd();
  if (compression === "none" && text.startsWith("[") && !end.endsWith("]"))
    throw refusal(name, "is a JSON array that is cut off: it does not end in ]", "Deliver it again.");
  return "json";
}

/** Control characters that no text has; UTF-16 has its zeros in every other place. */
function isBinary(head: Buffer): boolean {
  if (utf16Order(head) !== undefined) return false;
  const controls = head.reduce(
    (count, byte) => count + (byte < 9 || (byte > 13 && byte < 32 && byte !== 27 && byte !== 26) ? 1 : 0),
    0,
  );
  return controls > head.length / 100;
}

function isPlainText(head: Buffer): boolean {
  return !head.subarray(0, 512).some((byte) => byte < 9);
}

/** Undefined: it is not UTF-16. */
export function utf16Order(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const sample = head.subarray(0, 1000);
  if (sample.length < 4) return undefined;
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length / 3 && even < odd / 20) return "utf-16le";
  return even > sample.length / 3 && odd < even / 20 ? "utf-16be" : undefined;
}

export function refusal(name: string, what: string, hint: string): AppError {
  return new AppError("input", `"${name}" ${what}.`, { hint });
}
