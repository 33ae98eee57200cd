import { sql, type Piece } from "./piece.js";
import { quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import type { Constant } from "./tree.js";
import type { SqlType } from "./types.js";

const wholeTypes = new Set(["INTEGER", "BIGINT", "HUGEINT"]);

export function printConstant(constant: Constant): Piece {
  const { type, value, isNull } = constant;
  if (isNull) return "NULL";
  if (type === "VARCHAR" && typeof value === "string") return quoteText(value);
  if (type === "BOOLEAN") return value === true ? "TRUE" : "FALSE";
  if (type === "DECIMAL") return printDecimal(constant);
  if ((type === "DOUBLE" || type === "FLOAT") && typeof value === "number") return printDouble(value);
  if (!wholeTypes.has(type)) return refuse(`a literal of the type ${type}`);
  const digits = constant.exact ?? String(value);
  if (type === "HUGEINT") return sql`CAST('${digits}' AS DECIMAL(38,0))`;
  return type === "BIGINT" ? `${digits}L` : digits;
}

function printDouble(value: number): Piece {
  return `${value.toExponential().replace("e+", "E").replace("e", "E")}D`;
}

/** DuckDB's tree has the digits without the point. */
function printDecimal({ value, exact, width, scale }: Constant): Piece {
  const written = exact ?? String(value);
  const sign = written.startsWith("-") ? "-" : "";
  const digits = written.replace("-", "").padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `CAST('${sign}${text}' AS DECIMAL(${width},${scale}))`;
}

const dateText = /^\d{4}-\d\d-\d\d$/;
const timeText = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?$/;

/** A text that stands where a date or a time is meant. */
export function printTimeText(text: string, type: SqlType): Piece {
  if (type.kind === "date") {
    if (dateText.test(text)) return `DATE${quoteText(text)}`;
    return refuse(`the date '${text}'`, "write it as YYYY-MM-DD");
  }
  if (type.kind === "timestamp" || type.kind === "timestamptz") {
    if (!timeText.test(text)) return refuse(`the time '${text}'`, "write it as YYYY-MM-DD hh:mm:ss");
    const word = type.kind === "timestamp" ? "TIMESTAMP_NTZ" : "TIMESTAMP_LTZ";
    return `${word}${quoteText(text)}`;
  }
  return refuse(`the text '${text}' where another type is meant`, "cast it");
}
