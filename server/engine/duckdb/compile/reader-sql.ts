import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { simpleTypes } from "../../type-names.js";
import { EditedText } from "../../../text/edited-text.js";
import type { CsvOptions, FileReader, NamedFiles } from "../../verbs.js";

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

function jsonQuery({ path, isGzip, isPatient }: Extract<FileReader, { type: "json" }>): string {
  const packed = isGzip === true && !path.endsWith(".gz") ? ", compression = 'gzip'" : "";
  if (isPatient === true)
    return `SELECT * FROM read_json(${quoteLiteral(path)}${packed}, sample_size = -1, maximum_object_size = 268435456)`;
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

function csvArguments(options: CsvOptions): string[] {
  const types = [...(options.types ?? [])].map(
    ([name, type]) =>
      `${quoteLiteral(name)}: ${quoteLiteral("type" in type ? type.type : simpleTypes[type.kind])}`,
  );
  const texts: readonly (readonly [name: string, value: string | undefined])[] = [
    ["encoding", options.encoding],
    ["compression", options.compression],
    ["delim", options.delimiter],
    ["decimal_separator", options.decimal],
    ["thousands", options.thousands],
    ["timestampformat", options.timestampFormat],
  ];
  const words: readonly (readonly [name: string, value: boolean | number | undefined])[] = [
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
    ...(types.length === 0 ? [] : [`types = {${types.join(", ")}}`]),
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

function listOf(paths: readonly string[], { reader }: NamedFiles["pattern"], before: string): string {
  const items = paths.map(quoteLiteral).join(", ");
  if (reader === "") return `${readerFor(paths[0] ?? "")}([${items}])`;
  return /\(\s*$/.test(before) ? `[${items}]` : items;
}

/** What the engine takes for a file that is named alone. */
function readerFor(path: string): string {
  if (/\.parquet$/i.test(path)) return "read_parquet";
  return /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(path) ? "read_json_auto" : "read_csv_auto";
}
