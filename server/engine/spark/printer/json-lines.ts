import { castTo } from "./casts.js";
import { joined, sql, type Piece } from "./piece.js";
import { quoteName, quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { nameOf, parseType, type SqlType } from "./types.js";

const text: SqlType = { kind: "text" };

/**
 * Rows of objects, one a line of a text source. A value of another kind than its column's is an error: what DuckDB makes of it is
 * not what Spark would (1.50 as a text is 1.5).
 */
export function jsonLines(
  source: Piece,
  columns: readonly { readonly name: string; readonly type: string }[],
): Piece {
  const list = columns.map(({ name, type }) => {
    if (/['"\\[\]]/.test(name)) return refuse(`the column ${name} of a JSON file`);
    const value = sql`variant_get(v, ${quoteText(`$['${name}']`)})`;
    return sql`${valueOf(value, parseType(type), name)} AS ${quoteName(name)}`;
  });
  const message = quoteText("Lakebook: a line that is no JSON object");
  const object = sql`CASE WHEN value RLIKE '^[ \\\\t]*[{]' THEN parse_json(value) ELSE raise_error(${message}) END`;
  return sql`(SELECT ${joined(list)} FROM (SELECT ${object} AS v FROM ${source} WHERE value RLIKE '[^ \\\\t\\\\r]'))`;
}

function valueOf(value: Piece, type: SqlType, name: string): Piece {
  switch (type.kind) {
    case "integer":
      if (type.name === "HUGEINT") break;
      return castTo(ofKind(value, "BIGINT", "BIGINT", name), { kind: "integer", name: "BIGINT" }, type);
    case "double":
      return ofKind(value, "BIGINT|DOUBLE|DECIMAL.*", "DOUBLE", name);
    case "boolean":
      return ofKind(value, "BOOLEAN", "BOOLEAN", name);
    case "text":
      return ofKind(value, "STRING", "STRING", name);
    case "date":
    case "timestamp":
      return castTo(ofKind(value, "STRING", "STRING", name), text, type);
    default:
  }
  return refuse(
    `the column ${name} of a JSON file, which is a ${nameOf(type)}`,
    "read it as VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP",
  );
}

/** `kinds`: a pattern of what the value may be in the file. */
function ofKind(value: Piece, kinds: string, to: string, name: string): Piece {
  const kind = sql`schema_of_variant(${value})`;
  const message = sql`concat(${quoteText(`Lakebook: a value of ${name} that is no ${to}: `)}, ${kind})`;
  return sql`CASE WHEN ${kind} IS NULL OR ${kind} = 'VOID' THEN NULL WHEN ${kind} RLIKE ${quoteText(`^(${kinds})$`)} THEN CAST(${value} AS ${to}) ELSE raise_error(${message}) END`;
}
