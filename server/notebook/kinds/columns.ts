import { z } from "zod";
import { field, readFields } from "../fields.js";
import type { ColumnContract } from "../notebook.js";
import type { Report } from "../report.js";
import { textSchema } from "../schemas.js";
import { findValue, isNull, wrapInMap, type YamlEntry, type YamlNode } from "../yaml-tree.js";

const fields = {
  type: field("type", textSchema, "a type of DuckDB", "DATE"),
  nullable: field("nullable", z.boolean(), "true or false", "false"),
  description: field("description", textSchema, "a text", "When the first message was sent"),
};

/** Reads `columns:`, a map from names to types or to maps with a type. */
export function readColumnContract(node: YamlNode | undefined, report: Report): ColumnContract[] | undefined {
  if (node === undefined || isNull(node)) return undefined;
  if (node.type === "map") return node.entries.flatMap((entry) => readColumn(entry, report) ?? []);
  const hint = "For example: columns: {order_id: BIGINT, city_code: {type: VARCHAR, nullable: true}}";
  report.error("invalid-option", node.span, 'Option "columns" must be a map from columns to types', hint);
  return undefined;
}

function readColumn({ key, keySpan, value }: YamlEntry, report: Report): ColumnContract | undefined {
  const map = value.type === "map" ? value : wrapInMap("type", value);
  const scope = { report, noun: "Column option", handled: [] };
  // A comma within `{amount: DECIMAL(10,2)}` ends the value, and `2)` looks like a key.
  if (isNull(value)) {
    const hint = 'Quote a type with a comma: amount: "DECIMAL(10,2)"';
    report.error("missing-option", keySpan, `Column "${key}" has no type`, hint);
    return undefined;
  }
  const { type, nullable = true, description } = readFields(map, fields, scope);
  if (findValue(map, "type") === undefined) {
    report.error(
      "missing-option",
      keySpan,
      `Column "${key}" has no type`,
      `For example: ${key}: {type: BIGINT}`,
    );
  }
  return type === undefined
    ? undefined
    : { name: key, type, nullable, ...(description !== undefined && { description }) };
}
