import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { simpleTypes } from "../../type-names.js";
import { EditedText } from "../../../text/edited-text.js";
import type { Column } from "../../rows.js";
import type { CsvOptions, FileReader, NamedFiles, ReaderOfText } from "../../verbs.js";

/** Of JSON; DuckDB reads 16 MB unless it is told otherwise. */
const MAX_OBJECT_BYTES = 268_435_456;
/** DuckDB reads 2 MB unless it is told otherwise, and takes a buffer of 16 lines unless that is told too. */
const MAX_LINE_BYTES = 67_108_864;

/** The query of a cell that reads a file, by its name alone where that is enough. */
export function readerSql(reader: FileReader): string {
  switch (reader.type) {
    case "csv":
      return csvQuery(reader.path, reader.options);
    case "json":
      return jsonQuery(reader);
    case "parquet":
      return `SELECT * FROM ${/\.parquet$/.test(reader.path) ? quoteLiteral(reader.path) : `read_parquet(${quoteLiteral(reader.path)})`}`;
    case "parquet-folder": {
      const partitions = reader.isPartitioned ? ", hive_partitioning = true" : "";
      const union = reader.unitesColumns === true ? ", union_by_name = true" : "";
      return `SELECT * FROM read_parquet(${quoteLiteral(`${reader.path}/**/*.parquet`)}${partitions}${union})`;
    }
    case "sheet":
      return sheetQuery(reader);
  }
}

/**
 * A query with one row, TRUE for each of these columns in which numbers of the file have more digits than a DOUBLE keeps of
 * them. 17 are what a DOUBLE itself is written with; whole numbers are compared.
 */
export function lostDigitsSql(
  reader: ReaderOfText,
  columns: readonly Column[],
  names: readonly string[],
): string {
  const text = { kind: "text" } as const;
  const texts = new Map(names.map((name) => [name, text]));
  const all = new Map(columns.map((column) => [column.name, texts.get(column.name) ?? column] as const));
  const query =
    reader.type === "json"
      ? readerSql({ ...reader, types: all })
      : csvQuery(reader.path, {
          ...reader.options,
          casts: [],
          types: new Map([...(reader.options.types ?? []), ...texts]),
        });
  const items = names.map((name) => {
    const value = quoteIdentifier(name);
    const digits = `trim(regexp_replace(regexp_replace(${value}, '[eE].*$', ''), '[^0-9]', '', 'g'), '0')`;
    const whole = `regexp_full_match(${value}, '[+-]?[0-9]+')`;
    const differs = `TRY_CAST(${value} AS HUGEINT) IS DISTINCT FROM TRY_CAST(TRY_CAST(${value} AS DOUBLE) AS HUGEINT)`;
    return `coalesce(bool_or(length(${digits}) > 17 OR (length(${digits}) > 15 AND ${whole} AND ${differs})), false) AS ${value}`;
  });
  return `SELECT ${items.join(", ")} FROM (${query})`;
}

function jsonQuery({ path, isGzip, isPatient, types }: Extract<FileReader, { type: "json" }>): string {
  const packed = isGzip === true && !path.endsWith(".gz") ? ", compression = 'gzip'" : "";
  const written = types === undefined ? "" : `, columns = {${typeArguments(types)}}`;
  if (isPatient === true) {
    const sample = types === undefined ? ", sample_size = -1" : "";
    return `SELECT * FROM read_json(${quoteLiteral(path)}${packed}${sample}, maximum_object_size = ${String(MAX_OBJECT_BYTES)}${written})`;
  }
  if (types !== undefined) return `SELECT * FROM read_json(${quoteLiteral(path)}${packed}${written})`;
  const isNamed = packed === "" && /\.(json|jsonl|ndjson)(\.(gz|zst))?$/.test(path);
  return `SELECT * FROM ${isNamed ? quoteLiteral(path) : `read_json(${quoteLiteral(path)}${packed})`}`;
}

function csvQuery(path: string, options: CsvOptions): string {
  const written = csvArguments(options);
  const isPlain = written.length === 0 && /\.(csv|tsv)(\.(gz|zst))?$/.test(path);
  const file = quoteLiteral(path);
  const from = isPlain ? file : `read_csv(${[file, ...written].join(", ")})`;
  const casts = options.casts ?? [];
  if (casts.length === 0) return `SELECT * FROM ${from}`;
  const replaced = casts.map((name) => `${quoteIdentifier(name)}::DOUBLE AS ${quoteIdentifier(name)}`);
  return `SELECT * REPLACE (${replaced.join(", ")}) FROM ${from}`;
}

function typeArguments(types: NonNullable<CsvOptions["types"]>): string {
  return [...types]
    .map(
      ([name, type]) =>
        `${quoteLiteral(name)}: ${quoteLiteral("type" in type ? type.type : simpleTypes[type.kind])}`,
    )
    .join(", ");
}

function csvArguments(options: CsvOptions): string[] {
  const types = typeArguments(options.types ?? new Map());
  const texts: readonly (readonly [name: string, value: string | undefined])[] = [
    ["encoding", options.encoding],
    ["compression", options.compression],
    ["delim", options.delimiter],
    ["quote", options.quote],
    ["decimal_separator", options.decimal],
    ["thousands", options.thousands],
    ["timestampformat", options.timestampFormat],
    ["dateformat", options.dateFormat],
  ];
  const words: readonly (readonly [name: string, value: boolean | number | undefined])[] = [
    ["max_line_size", options.hasLongLines === true ? MAX_LINE_BYTES : undefined],
    ["buffer_size", options.hasLongLines === true ? MAX_LINE_BYTES : undefined],
    ["header", options.header],
    ["skip", options.skip],
    ["null_padding", options.fillsShortLines],
    // Otherwise a line end within quotes is an error.
    ["parallel", options.fillsShortLines === true ? false : undefined],
    ["strict_mode", options.acceptsLooseQuotes === true ? false : undefined],
    ["all_varchar", options.isAllText],
    ["sample_size", options.looksAtAllLines === true ? -1 : undefined],
  ];
  return [
    ...texts.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${quoteLiteral(value)}`])),
    ...words.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${String(value)}`])),
    ...(types === "" ? [] : [`types = {${types}}`]),
  ];
}

function sheetQuery({ path, columns }: Extract<FileReader, { type: "sheet" }>): string {
  const types = columns.map(({ name, kind }) => `${quoteLiteral(name)}: ${quoteLiteral(simpleTypes[kind])}`);
  const options = `header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', null_padding = true, parallel = false`;
  const shown = columns.filter(({ isEmpty }) => !isEmpty).map(({ name }) => quoteIdentifier(name));
  return `SELECT ${shown.join(", ")} FROM read_csv(${quoteLiteral(path)}, ${options}, columns = {${types.join(", ")}})`;
}

/** The files themselves in the place of each pattern. */
export function nameFiles(sql: string, patterns: readonly NamedFiles[]): EditedText {
  const replacements = patterns.map(({ pattern, paths }) => ({
    span: pattern.span,
    text: listOf(paths, pattern, sql.slice(0, pattern.span.start)),
  }));
  return new EditedText(sql, replacements);
}

export function listOf(paths: readonly string[], { reader }: NamedFiles["pattern"], before: string): string {
  const items = paths.map(quoteLiteral).join(", ");
  if (reader === "") return `${readerFor(paths[0] ?? "")}([${items}])`;
  return /\(\s*$/.test(before) ? `[${items}]` : items;
}

/** What the engine takes for a file that is named alone. */
export function readerFor(path: string): string {
  if (/\.parquet$/i.test(path)) return "read_parquet";
  return /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(path) ? "read_json_auto" : "read_csv_auto";
}
