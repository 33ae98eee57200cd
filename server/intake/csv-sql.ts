import { quoteIdentifier, quoteLiteral } from "../text/sql-names.js";

/** How a cell reads a CSV file; what is absent is left to the engine. */
export interface CsvOptions {
  readonly encoding?: "latin-1";
  readonly compression?: "gzip";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly skip?: number;
  readonly decimal?: ",";
  readonly thousands?: "." | ",";
  readonly timestampFormat?: string;
  readonly fillsShortLines?: boolean;
  readonly acceptsLooseQuotes?: boolean;
  readonly isAllText?: boolean;
  readonly looksAtAllLines?: boolean;
  /** Types by name of the column. */
  readonly types?: ReadonlyMap<string, string>;
  /** Columns that are read as text, and are numbers with a decimal point. */
  readonly casts?: readonly string[];
}

/** The query of a cell that reads the file, by its name alone where that is enough. */
export function csvQuery(path: string, options: CsvOptions): string {
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
    ([name, type]) => `${quoteLiteral(name)}: ${quoteLiteral(type)}`,
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
