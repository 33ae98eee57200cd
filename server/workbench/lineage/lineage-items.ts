import { ChartFault } from "../../chart/chart-problem.js";
import { findColumn } from "../../chart/parse-channel.js";
import { resolveChart } from "../../chart/resolve-chart.js";
import type { Column } from "../../engine/engine.js";
import type { LineageNode, Uses } from "../../lineage/lineage-graph.js";
import { findOutput } from "../../lineage/trace.js";
import type { CheckSpec } from "../../notebook/check-spec.js";
import {
  agingColumns,
  puttingAside,
  quarantineOf,
  type Cell,
  type ChartCell,
} from "../../notebook/notebook.js";

/** The columns that a chart draws; a text says why they are not known. */
export function chartColumns(cell: ChartCell, columns: readonly Column[]): readonly string[] | string {
  try {
    const { channels, measures, rules } = resolveChart(cell.options, columns);
    const drawn = [...Object.values(channels), ...measures].flatMap((channel) => {
      if (channel.type === "measures") return [];
      return channel.type === "column" ? channel.column.name : (channel.value.of?.column.name ?? []);
    });
    const ruled = rules.flatMap(({ at }) => (typeof at === "object" ? (at.of?.column.name ?? []) : []));
    const { sort } = cell.options;
    const sorted = sort === undefined ? undefined : findColumn(sort.by, columns);
    return [...new Set([...drawn, ...ruled, ...(sorted === undefined ? [] : [sorted.name])])];
  } catch (error) {
    if (error instanceof ChartFault) return error.message;
    throw error;
  }
}

/** Of another cell. */
export function otherColumns({
  rule,
}: CheckSpec): readonly { readonly cell: string; readonly column?: string }[] {
  if (rule.kind === "relationships") return [{ cell: rule.toCell, column: rule.toColumn }];
  if (rule.kind !== "row_count_matches") return [];
  const { target } = rule;
  if (target.type === "distinct") return [{ cell: target.cell, column: target.column }];
  return target.type === "cell" ? [{ cell: target.cell }] : [];
}

/** Checks that put rows aside, and the age of rows, decide which rows a dataset has. */
export function withAside(
  node: LineageNode,
  cell: Cell | undefined,
  checks: readonly LineageNode[],
): LineageNode {
  if (cell === undefined || quarantineOf(cell) === undefined) return node;
  const names = puttingAside(cell).map(({ name }) => name);
  const deciding = checks.filter((check) => check.cell === cell.name && names.includes(check.name));
  const looked = deciding.flatMap(({ uses }) => uses.columns.map(({ column }) => column));
  const origins = [...looked, ...agingColumns(cell)].flatMap((column) => findOutput(node, column) ?? []);
  const doubts = deciding.flatMap(({ unknown }) => (unknown === undefined ? [] : [{ columns: [], unknown }]));
  return { ...node, rows: together([node.rows, ...origins, ...doubts]) };
}

export function together(parts: readonly Uses[]): Uses {
  const columns = new Map(
    parts
      .flatMap((part) => part.columns)
      .map((column) => [JSON.stringify([column.node, column.column]), column]),
  );
  const unknown = parts.find((part) => part.unknown !== undefined)?.unknown;
  return { columns: [...columns.values()], ...(unknown !== undefined && { unknown }) };
}
