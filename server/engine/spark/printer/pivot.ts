import { printAggregate, isAggregateName } from "./aggregates.js";
import { Call } from "./call.js";
import { printConstant } from "./literals.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { foldCase } from "../../../text/sql-names.js";
import { isFilled, nodeOf, nodesOf, textOf, textsOf, valueOf, type TreeNode } from "./tree.js";
import { isSameType, nameOf, parseType } from "./types.js";

export function printPivot(table: TreeNode, printing: Printing): Piece {
  return isFilled(table.unpivot_names) ? unpivot(table, printing) : pivot(table, printing);
}

/** One aggregate for each value. */
function pivot(table: TreeNode, printing: Printing): Piece {
  const [aggregate, ...aggregates] = nodesOf(table.aggregates);
  const [column, ...columns] = nodesOf(table.pivots);
  const [expression, ...expressions] = nodesOf(column?.pivot_expressions);
  if (aggregate === undefined || column === undefined || expression === undefined)
    return refuse("this PIVOT");
  if (aggregates.length + columns.length + expressions.length > 0)
    return refuse("PIVOT of several columns or aggregates");
  const entries = nodesOf(column.entries);
  if (entries.length === 0 || isFilled(column.pivot_enum))
    return refuse("PIVOT without IN (...)", "list the values: ON column IN ('a', 'b')");
  const groups = textsOf(table.groups);
  if (groups.length === 0)
    return refuse("PIVOT without GROUP BY", "name the remaining columns: GROUP BY ...");
  const name = textOf(aggregate.function_name);
  if (aggregate.class !== "FUNCTION" || !isAggregateName(name))
    return refuse("PIVOT USING what is no aggregate");
  const type = printing.typeOf(expression);
  const cells = entries.map((entry) => {
    const [value, ...others] = nodesOf(entry.values);
    if (value === undefined || others.length > 0 || isFilled(entry.star_expr)) return refuse("this PIVOT");
    const constant = valueOf(value, undefined);
    if (constant.isNull || type.kind !== "text" || constant.type !== "VARCHAR")
      return refuse("PIVOT on what is not a text");
    const isValue = sql`${printing.expression(expression)} = ${printConstant(constant)}`;
    const label = entry.alias || (typeof constant.value === "string" ? constant.value : "");
    const cell = printAggregate(new Call(aggregate, printing), "", isValue);
    return sql`${cell} AS ${quoteName(isFilled(aggregate.alias) ? refuse("PIVOT USING ... AS", "leave the alias out") : label)}`;
  });
  const names = joined(groups.map(quoteName));
  return sql`(SELECT ${names}, ${joined(cells)}\nFROM ${printing.table(nodeOf(table.source) ?? {})}\nGROUP BY ${names})`;
}

function unpivot(table: TreeNode, printing: Printing): Piece {
  const [column, ...columns] = nodesOf(table.pivots);
  const [value, ...values] = textsOf(table.unpivot_names);
  const [name, ...names] = textsOf(column?.unpivot_names);
  if (
    column === undefined ||
    value === undefined ||
    name === undefined ||
    columns.length + values.length + names.length > 0
  )
    return refuse("UNPIVOT of several columns");
  const sources = nodesOf(column.entries).flatMap((entry) => {
    if (isFilled(entry.star_expr) || isFilled(entry.expr) || isFilled(entry.alias))
      return refuse("UNPIVOT of an expression", "name the columns");
    return nodesOf(entry.values).map((item) => String(item.value));
  });
  const source = nodeOf(table.source) ?? {};
  const types = sources.map((wanted) => {
    const found = printing.columnsOf(source)?.find((other) => foldCase(other.name) === foldCase(wanted));
    return parseType(found?.type ?? "");
  });
  const [type] = types;
  if (type === undefined || types.some((other) => !isSameType(type, other)))
    return refuse(`UNPIVOT of ${types.map(nameOf).join(" and ")}`, "cast the columns to one type");
  const nulls = table.include_nulls === true ? "INCLUDE NULLS " : "";
  const list = joined(sources.map(quoteName));
  return sql`(SELECT * FROM ${printing.table(source)}\nUNPIVOT ${nulls}(${quoteName(value)} FOR ${quoteName(name)} IN (${list})))`;
}
