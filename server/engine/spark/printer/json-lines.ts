import { castTo } from "./casts.js";
import { joined, sql, type Piece } from "./piece.js";
import { quoteName, quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { nameOf, parseType, type SqlType } from "./types.js";

const text: SqlType = { kind: "text" };

/** Spark's reader lets several things pass that are no JSON. */
const options = [
  ["mode", "FAILFAST"],
  ["allowSingleQuotes", "false"],
  ["allowNonNumericNumbers", "false"],
  ["columnNameOfCorruptRecord", "lakebook corrupt record"],
];
const LINE = "lakebook line";
const END = "lakebook end";

/**
 * Rows of objects, one a line of a text source. A value of another kind than its column's is an error: what DuckDB makes of it is
 * not what Spark would (1.50 as a text is 1.5).
 */
export function jsonLines(
  source: Piece,
  columns: readonly { readonly name: string; readonly type: string }[],
): Piece {
  const read = columns.map(({ name, type }) => {
    if (/['"\\[\]]/.test(name)) return refuse(`the column ${name} of a JSON file`);
    return { name, type: parseType(type), value: sql`j.${quoteName(name)}` };
  });
  const list = read.map(({ name, type, value }) => sql`${valueOf(value, type, name)} AS ${quoteName(name)}`);
  const schema = read.map(({ name, type }) => `${quoteName(name)} ${readAs(type, name)}`).join(", ");
  const set = options.flat().map(quoteText).join(", ");
  const object = sql`from_json(value, ${quoteText(schema)}, map(${set}))`;
  const message = quoteText("Lakebook: a line that is no JSON object");
  const row = sql`CASE WHEN value RLIKE '^[ \\\\t]*[{]' AND ${isWhole()} THEN ${object} ELSE raise_error(${message}) END`;
  return sql`(SELECT ${joined(list)} FROM (SELECT ${row} AS j FROM ${source} WHERE value RLIKE '[^ \\\\t\\\\r]'))`;
}

/** Both of Spark's readers stop where the object ends, and `from_json` takes the last of a name that comes twice. */
function isWhole(): Piece {
  const line = sql`concat(${quoteText(`{"${LINE}":`)}, value, ${quoteText(`,"${END}":true}`)})`;
  return sql`coalesce(variant_get(parse_json(${line}), ${quoteText(`$['${END}']`)}, 'BOOLEAN'), FALSE)`;
}

/** As a number of any kind is made a text, a text is read as what tells its kind. */
function readAs(type: SqlType, name: string): string {
  switch (type.kind) {
    case "integer":
      if (type.name === "HUGEINT") break;
      return "BIGINT";
    case "double":
      return "DOUBLE";
    case "boolean":
      return "BOOLEAN";
    case "text":
    case "date":
    case "timestamp":
      return "VARIANT";
    default:
  }
  return refuse(
    `the column ${name} of a JSON file, which is a ${nameOf(type)}`,
    "read it as VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP",
  );
}

function valueOf(value: Piece, type: SqlType, name: string): Piece {
  if (type.kind === "integer") return castTo(value, { kind: "integer", name: "BIGINT" }, type);
  if (readAs(type, name) !== "VARIANT") return value;
  const kind = sql`schema_of_variant(${value})`;
  const message = sql`concat(${quoteText(`Lakebook: a value of ${name} that is no STRING: `)}, ${kind})`;
  const string = sql`CASE WHEN ${value} IS NULL OR ${kind} IN ('STRING', 'VOID') THEN CAST(${value} AS STRING) ELSE raise_error(${message}) END`;
  return castTo(string, text, type);
}
