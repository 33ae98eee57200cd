import { reservedWords } from "../../server/text/sql-keywords.js";
import { quoteIdentifier } from "../../server/text/sql-names.js";

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Cannot be a name without quotes: `duckdb_keywords()` calls them reserved or type_function. */
const nameless = words(`
  anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is
  isnull join left like map natural notnull outer overlaps positional right semi similar struct tablesample try_cast
  unpack verbose
`);

/** May be names too, but hardly are: shown as keywords. */
const softKeywords = words(`
  over partition filter rows range groups recursive materialized replace exclude rename unbounded preceding following
  interval between exists values sample within ordinality cube rollup ignore respect nulls ties escape insert update
  delete copy attach detach drop alter set into view macro temporary temp install load pragma
`);

/** Words that are functions where a bracket follows. */
const functionWords = words(`
  left right replace glob map struct columns unpack interval array
`);

/** Cannot be taken for a name. */
const typeNames = words(`
  bigint bit bitstring blob bool boolean char decimal double float float4 float8 hugeint int int1 int2 int4 int8 integer
  numeric real smallint timestamp timestamptz timestamp_ms timestamp_ns timestamp_s timetz tinyint ubigint uhugeint
  uinteger usmallint utinyint uuid varchar
`);

/** Types only where a type must follow: columns bear these names. */
const softTypeNames = words("date time text string json list map struct enum union variant binary bytes");

/** Those worth suggesting after `::`. */
export const suggestedTypes: readonly string[] = [
  "BIGINT",
  "BLOB",
  "BOOLEAN",
  "DATE",
  "DECIMAL(18, 2)",
  "DOUBLE",
  "FLOAT",
  "HUGEINT",
  "INTEGER",
  "INTERVAL",
  "JSON",
  "SMALLINT",
  "TIME",
  "TIMESTAMP",
  "TIMESTAMPTZ",
  "TINYINT",
  "UBIGINT",
  "UINTEGER",
  "UUID",
  "VARCHAR",
];

/* The words that are asked for here are in lower case. */

export function isReservedWord(word: string): boolean {
  return reservedWords.has(word) || nameless.has(word);
}

export function isKeyword(word: string): boolean {
  return isReservedWord(word) || softKeywords.has(word);
}

export function isFunctionWord(word: string): boolean {
  return functionWords.has(word);
}

export function isTypeName(word: string): boolean {
  return typeNames.has(word);
}

/** Whether a word is a type where one must follow, as after `::`. */
export function isTypeNameInContext(word: string): boolean {
  return typeNames.has(word) || softTypeNames.has(word);
}

/** Leaves a plain name alone and quotes any other. */
export function quoteName(name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isReservedWord(name.toLowerCase());
  return isPlain ? name : quoteIdentifier(name);
}
