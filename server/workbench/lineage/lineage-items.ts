import { ChartFault } from "../../chart/chart-problem.js";
import { findColumn } from "../../chart/parse-channel.js";
import { resolveChart } from "../../chart/resolve-chart.js";
import type { Column } from "../../engine/engine.js";
import type { CheckSpec } from "../../notebook/check-spec.js";
import type { ChartCell } from "../../notebook/notebook.js";

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

/** The columns of its cell that an entry of `checks:` names, but those of its conditions. */
export function namedColumns({ rule }: CheckSpec): readonly string[] {
  if (rule.kind === "schema") return rule.expected.map(({ name }) => name);
  if ("columns" in rule) return rule.columns;
  return "column" in rule ? [rule.column] : [];
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
