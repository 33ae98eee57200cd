import { setMapOption } from "../../server/notebook/edit-options.js";
import { sqlFence } from "../../server/notebook/template.js";
import type { DeriveEvent } from "../grid/grid-events.js";
import type { GridColumn } from "../grid/grid-source.js";
import type { ChartPick } from "../store/picks.js";

export interface DerivedCell {
  readonly notebook: string;
  readonly cell: string;
  readonly result: string | undefined;
  readonly columns: readonly GridColumn[];
  readonly wanted: DeriveEvent;
  /** How its numbers are shown. */
  readonly formats: Readonly<Record<string, string>>;
  readonly picked: readonly ChartPick[];
  /** Names that another cell cannot have. */
  readonly takenNames: readonly string[];
}

/** A cell whose numbers are shown so. */
export function cellFence(name: string, sql: string, formats: DerivedCell["formats"]): string {
  const yaml = Object.entries(formats).reduce(
    (before, [column, format]) => setMapOption(before, "format", column, format),
    `cell: ${name}`,
  );
  return sqlFence(sql, `${yaml.replace(/^/gm, "--| ")}\n`);
}
