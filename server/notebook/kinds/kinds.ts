import type { Span } from "../../base/source.js";
import type { CheckSpec } from "../check-spec.js";
import type { Cell, CellKind, Notebook, ParameterDefinition } from "../notebook.js";
import type { Fence } from "../outline.js";
import type { Report } from "../report.js";
import { chartKind } from "./chart.js";
import { controlKind } from "./control.js";
import type { CellQuery, Kind, NamedCell } from "./kind.js";
import { checkKind, sqlKind } from "./sql.js";
import { testKind } from "./test-cell.js";

/** How the cells of each kind are read; what they are is in cell-kinds.ts. */
const kinds: { readonly [K in CellKind]: Kind<Extract<Cell, { kind: K }>> } = {
  sql: sqlKind,
  check: checkKind,
  chart: chartKind,
  input: controlKind,
  test: testKind,
};

function kindOf(cell: Cell): Kind<Cell> {
  return kinds[cell.kind];
}

export function parseFence(file: string, fence: Fence, kind: CellKind, report: Report): Cell {
  return kinds[kind].parse(file, fence, report);
}

/** Moves the spans that only cells of this kind have. */
export function moveOwnSpans(cell: Cell, by: number): Cell {
  return kindOf(cell).move(cell, by);
}

/** What the cell's header says, as the API gives it. */
export function optionsOf(cell: Cell): Readonly<Record<string, unknown>> {
  return kindOf(cell).options(cell);
}

export function descriptionOf(cell: Cell): string | undefined {
  return kindOf(cell).description(cell);
}

/** The SQL of a cell and where it stands in the file; a chart has none, an input only if its options are a query. */
export function queryOf(cell: Cell): CellQuery | undefined {
  return kindOf(cell).query?.(cell);
}

/** Cells that it stands below without naming them in its SQL. */
export function declaredParents(cell: Cell): readonly NamedCell[] {
  return kindOf(cell).parents?.(cell) ?? [];
}

/** Where a cell names another one outside of its SQL. */
export function referencesTo(cell: Cell, name: string): readonly Span[] {
  return kindOf(cell).references?.(cell, name) ?? [];
}

/** The rules about a cell's own rows. */
export function checksOf(cell: Cell): readonly CheckSpec[] {
  return kindOf(cell).checks?.(cell) ?? [];
}

/** The parameter that an input sets. */
export function parameterOf(cell: Cell): ParameterDefinition | undefined {
  return kindOf(cell).parameter?.(cell);
}

/** Those of a notebook, by name; the front matter comes before an input of the same name, and `builtIn` before both. */
export function parametersOf(
  { frontMatter, cells }: Pick<Notebook, "frontMatter" | "cells">,
  builtIn: readonly ParameterDefinition[] = [],
): ReadonlyMap<string, ParameterDefinition> {
  const definitions = new Map<string, ParameterDefinition>();
  for (const definition of [...builtIn, ...frontMatter.parameters])
    definitions.set(definition.name, definition);
  for (const cell of cells) {
    const parameter = parameterOf(cell);
    if (parameter !== undefined && !definitions.has(cell.name)) definitions.set(cell.name, parameter);
  }
  return definitions;
}

export function isDisabled(cell: Cell): boolean {
  return kindOf(cell).isDisabled?.(cell) ?? false;
}

/** Of the cell itself; undefined where the notebook's holds. */
export function timeoutOf(cell: Cell): number | undefined {
  return kindOf(cell).timeoutMs?.(cell);
}
