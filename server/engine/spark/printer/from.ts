import { foldCase } from "../../../text/sql-names.js";
import { Call } from "./call.js";
import { coerced } from "./casts.js";
import { condition } from "./conditionals.js";
import { fileRead, type FileRead } from "./file-reads.js";
import { unknownInQuery } from "./in-queries.js";
import { sequence } from "./list-functions.js";
import { joined, sql, type Piece } from "./piece.js";
import { printPivot } from "./pivot.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { isFilled, isNode, nodeOf, nodesOf, queryOf, textOf, textsOf, type TreeNode } from "./tree.js";
import { isInteger, isNested, isSameType, nameOf, parseType } from "./types.js";

/** A relation of FROM. */
export function printTable(table: TreeNode, printing: Printing): Piece {
  if (isFilled(table.sample)) return refuse("a sample", "it is another one on every engine");
  switch (table.type) {
    case "BASE_TABLE":
      return baseTable(table, printing);
    case "SUBQUERY":
      if (printing.isCorrelated(queryOf(table.subquery)))
        return refuse(
          "LATERAL: a subquery of FROM that names another relation",
          "join with a GROUP BY, or use a window",
        );
      return sql`(${printing.query(queryOf(table.subquery))})${aliasOf(table)}`;
    case "EXPRESSION_LIST":
      return values(table, printing);
    case "JOIN":
      return join(table, printing);
    case "TABLE_FUNCTION":
      return tableFunction(table, printing);
    case "PIVOT":
      return sql`${printPivot(table, printing)}${aliasOf(table)}`;
    case "SHOW_REF":
      return refuse(
        table.show_type === "SUMMARY" ? "SUMMARIZE" : "DESCRIBE",
        'set "engine: duckdb" for this cell',
      );
    default:
      return refuse(textOf(table.type).toLowerCase().replaceAll("_", " "));
  }
}

function aliasOf(table: TreeNode, name = table.alias ?? ""): Piece {
  const columns = textsOf(table.column_name_alias);
  if (name === "") return columns.length === 0 ? "" : refuse("names of columns without one of the relation");
  return sql` AS ${quoteName(name)}${columns.length === 0 ? "" : sql`(${joined(columns.map(quoteName))})`}`;
}

function baseTable(table: TreeNode, printing: Printing): Piece {
  const name = textOf(table.table_name);
  const schema = textOf(table.schema_name) || textOf(table.catalog_name);
  if (isFilled(table.at_clause)) return refuse("AT (VERSION ...)");
  if (schema === "" && printing.isCommonTable(name)) return sql`${quoteName(name)}${aliasOf(table)}`;
  const relation = printing.relation(schema === "" ? name : `${schema}.${name}`);
  const read = relation === undefined ? fileRead(table) : undefined;
  if (read !== undefined) return files(read, table, printing);
  if (relation === undefined)
    return schema === ""
      ? refuse(`"${name}"`, "read files in a cell of its own, which runs on DuckDB")
      : refuse(`${schema}.${name}`, "only datasets and cells can be read on Spark");
  if (typeof relation !== "string") return refuse(relation.reason, relation.hint);
  const alias = table.alias || name;
  return relation === quoteName(alias) && textsOf(table.column_name_alias).length === 0
    ? relation
    : sql`${relation}${aliasOf(table, alias)}`;
}

function values(table: TreeNode, printing: Printing): Piece {
  const columns = printing.columnsOf(table) ?? [];
  const rows = (Array.isArray(table.values) ? table.values : []).map((row) => {
    const cells = nodesOf(row).map((cell, index) =>
      coerced(cell, parseType(columns[index]?.type ?? ""), printing),
    );
    return sql`(${joined(cells)})`;
  });
  const names = textsOf(table.column_name_alias);
  // They have other names of their own with Spark.
  const all = columns.map((column, index) => quoteName(names[index] ?? column.name));
  if (all.length === 0) return refuse("VALUES of an unknown type");
  return sql`(VALUES ${joined(rows)}) AS ${quoteName(table.alias || "valueslist")}(${joined(all)})`;
}

const joins: Readonly<Record<string, string>> = {
  INNER: "JOIN",
  LEFT: "LEFT JOIN",
  RIGHT: "RIGHT JOIN",
  OUTER: "FULL JOIN",
  FULL: "FULL JOIN",
  SEMI: "LEFT SEMI JOIN",
  ANTI: "LEFT ANTI JOIN",
};

function join(table: TreeNode, printing: Printing): Piece {
  if (isFilled(table.alias)) return refuse("a join with a name", "name its relations");
  const kind = textOf(table.ref_type);
  if (kind === "ASOF") return refuse("ASOF JOIN", "join on >= and keep the newest row with QUALIFY");
  if (!["REGULAR", "CROSS", "NATURAL"].includes(kind)) return refuse(`${kind} JOIN`);
  const word = Object.hasOwn(joins, textOf(table.join_type)) ? joins[textOf(table.join_type)] : undefined;
  if (word === undefined) return refuse(`${textOf(table.join_type)} JOIN`);
  const [left, right] = [nodeOf(table.left) ?? {}, nodeOf(table.right) ?? {}];
  const printed = sql`${printing.table(left)}\n${kind === "CROSS" ? "CROSS JOIN" : word} ${rightSide(right, printing)}`;
  if (kind === "CROSS") return printed;
  const keys = kind === "NATURAL" ? commonColumns(left, right, printing) : textsOf(table.using_columns);
  if (keys.length > 0) return sql`${printed} ${using(keys, left, right, printing)}`;
  if (!isNode(table.condition)) return refuse("a join without a condition", "use CROSS JOIN");
  if (unknownInQuery(table.condition, true) !== undefined)
    return refuse("IN (SELECT ...) as a value", "use EXISTS");
  return sql`${printed} ON ${condition(table.condition, printing)}`;
}

function rightSide(table: TreeNode, printing: Printing): Piece {
  const isUnnest = table.type === "TABLE_FUNCTION" && nodeOf(table.function)?.function_name === "unnest";
  if (!isUnnest) return table.type === "JOIN" ? sql`(${printing.table(table)})` : printing.table(table);
  const columns = textsOf(table.column_name_alias);
  if (columns.length !== 1 || !isFilled(table.alias))
    return refuse("unnest() without a name of its column", "write unnest(list) AS u(value)");
  return sql`LATERAL ${unnested(table, printing)}${aliasOf(table)}`;
}

function unnested(table: TreeNode, printing: Printing): Piece {
  if (isFilled(table.with_ordinality) && table.with_ordinality !== "WITHOUT_ORDINALITY")
    return refuse("WITH ORDINALITY");
  const call = new Call(nodeOf(table.function) ?? {}, printing);
  return sql`explode(${call.takes(1).of(0, (type) => type.kind === "list")})`;
}

function commonColumns(left: TreeNode, right: TreeNode, printing: Printing): readonly string[] {
  const others = new Set((printing.columnsOf(right) ?? []).map((column) => foldCase(column.name)));
  const common = (printing.columnsOf(left) ?? []).filter((column) => others.has(foldCase(column.name)));
  return common.length > 0 ? common.map((column) => column.name) : refuse("NATURAL JOIN");
}

function using(keys: readonly string[], left: TreeNode, right: TreeNode, printing: Printing): Piece {
  for (const key of keys) {
    const [a, b] = [left, right].map((side) => {
      const column = printing.columnsOf(side)?.find((other) => foldCase(other.name) === foldCase(key));
      return parseType(column?.type ?? "");
    });
    const isAlike =
      a !== undefined && b !== undefined && (isSameType(a, b) || (isInteger(a) && isInteger(b)));
    if (!isAlike || isNested(a) || a.kind === "other")
      return refuse(
        `USING (${key}) of ${a ? nameOf(a) : ""} and ${b ? nameOf(b) : ""}`,
        "cast one of them, and use ON",
      );
  }
  return sql`USING (${joined(keys.map(quoteName))})`;
}

/** DuckDB calls a file by its name, without what follows the first point. */
function files(read: FileRead, table: TreeNode, printing: Printing): Piece {
  const text = printing.file(read.key);
  if (text === undefined)
    return refuse(`${read.reader}(...)`, "read files in a cell of its own, which runs on DuckDB");
  if (typeof text !== "string") return refuse(text.reason, text.hint);
  const own =
    table.type === "BASE_TABLE" ? (/([^/]*?)(\.[^/]*)?$/.exec(read.path ?? "")?.[1] ?? "") : read.reader;
  return sql`${text}${aliasOf(table, table.alias || own)}`;
}

function tableFunction(table: TreeNode, printing: Printing): Piece {
  const call = nodeOf(table.function) ?? {};
  const name = textOf(call.function_name);
  const alias = quoteName(table.alias || name);
  const column = quoteName(textsOf(table.column_name_alias)[0] ?? name);
  if (name === "range" || name === "generate_series") {
    const all = sequence(new Call(call, printing), name === "range");
    return sql`(SELECT explode(${all}) AS ${column}) AS ${alias}`;
  }
  if (name === "unnest") return sql`(SELECT ${unnested(table, printing)} AS ${column}) AS ${alias}`;
  const read = fileRead(table);
  if (read !== undefined) return files(read, table, printing);
  const hint =
    childrenOf(call).length > 0 ? "read files in a cell of its own, which runs on DuckDB" : undefined;
  return refuse(`${name}(...)`, hint);
}
