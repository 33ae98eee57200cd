import type { Span } from "../../base/source.js";
import type { CheckSpec } from "../check-spec.js";
import type { Cell, ParameterDefinition } from "../notebook.js";
import type { Fence } from "../outline.js";
import type { Report } from "../report.js";

export interface CellQuery {
  readonly sql: string;
  readonly span: Span;
}

export interface NamedCell {
  readonly name: string;
  /** Of the name in the file, without quotes. */
  readonly span: Span;
}

/** What is read of the cells of a kind. What is absent, they do not have. */
export interface Kind<C extends Cell> {
  /** Reads a fence that was found to be of this kind. */
  parse(file: string, fence: Fence, report: Report): C;
  /** The same cell, with every span that only this kind has `by` characters further down. */
  move(cell: C, by: number): C;
  /** What its header says, as the API gives it. */
  options(cell: C): Readonly<Record<string, unknown>>;
  description(cell: C): string | undefined;
  /** The SQL that it runs, and where that stands in the file. */
  query?(cell: C): CellQuery | undefined;
  /** Cells that it stands below without naming them in its SQL. */
  parents?(cell: C): readonly NamedCell[];
  /** Where it names that cell outside of its SQL. */
  references?(cell: C, name: string): readonly Span[];
  /** Rules about its own rows. */
  checks?(cell: C): readonly CheckSpec[];
  /** The parameter that it sets. */
  parameter?(cell: C): ParameterDefinition;
  isDisabled?(cell: C): boolean;
  /** Of its own; absent: the notebook's. */
  timeoutMs?(cell: C): number | undefined;
}
