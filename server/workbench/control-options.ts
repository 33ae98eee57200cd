import { AppError } from "../base/errors.js";
import type { ControlCell, ParameterScalar, ParameterType } from "../notebook/notebook.js";
import { checkParameterValue, parseParameterValue } from "../notebook/parameters.js";
import { queryNotebook, type QueryServices } from "./ad-hoc-query.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { SHOWN_CHARACTERS } from "../rows/shown-values.js";

/** What a select offers. */
export interface ControlOptions {
  readonly type: ParameterType;
  /** As the parameter takes them. */
  readonly values: readonly ParameterScalar[];
  /** There are more. */
  readonly isTruncated: boolean;
}

export interface ControlOptionsRequest {
  readonly input: string;
  /** Values of parameters that the query of the options uses; the others have their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const MOST_OPTIONS = 1_000;

/** The listed values, or those of the first column of the query over the cells as they were last run. */
export async function readControlOptions(
  services: QueryServices,
  analyzed: AnalyzedNotebook,
  { input, parameters, signal, timeoutMs }: ControlOptionsRequest,
): Promise<ControlOptions> {
  const cell = findControl(analyzed, input);
  const { type } = cell.parameter;
  const { options } = cell;
  if (options === undefined) return { type, values: [], isTruncated: false };
  if ("values" in options) return { type, values: options.values, isTruncated: false };
  const {
    rows,
    truncated,
    cut = [],
  } = await queryNotebook(services, {
    sql: options.sql,
    notebook: analyzed,
    parameters,
    limit: MOST_OPTIONS,
    maxCharacters: SHOWN_CHARACTERS,
    signal,
    timeoutMs,
  });
  // Half a value is none that can be chosen.
  const halves = new Set(cut.flatMap(({ row, column }) => (column === 0 ? [row] : [])));
  const values = rows.flatMap(([value], row) => (halves.has(row) ? [] : (toOption(cell, value) ?? [])));
  return { type, values: [...new Set(values)], isTruncated: truncated };
}

function findControl({ notebook }: AnalyzedNotebook, name: string): ControlCell {
  const cell = notebook.cells.find((candidate) => candidate.kind === "input" && candidate.name === name);
  if (cell?.kind !== "input") throw new AppError("not-found", `The notebook has no control "${name}".`);
  return cell;
}

/** A value that does not fit the parameter cannot be chosen, and so is not offered. */
function toOption({ parameter }: ControlCell, value: unknown): ParameterScalar | undefined {
  const shape = { name: parameter.name, type: parameter.type, isList: false };
  const { type } = shape;
  if (value === null || value === undefined) return undefined;
  const isNumber = type === "integer" || type === "number";
  const result =
    isNumber && typeof value === "string"
      ? parseParameterValue(shape, value)
      : checkParameterValue(shape, type === "string" ? textOf(value) : value);
  return result.ok ? (result.value as ParameterScalar) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
