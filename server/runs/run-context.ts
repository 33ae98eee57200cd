import type { BoundParameter, Engine } from "../engine/engine.js";
import type { ParameterDefinition, ParameterValue } from "../notebook/notebook.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest } from "../lake/model.js";
import type { Workspace } from "../workspace/workspace.js";
import { join } from "node:path";
import type { AnalyzedNotebook } from "./analyzed-notebook.js";
import type { FilesResult } from "./cell-result.js";
import type { CheckStore } from "./check-store.js";
import type { ResultStore } from "./result-store.js";
import type { InputView, RunInputs } from "./run-inputs.js";
import type { RunRecord } from "./run-record.js";

/** What outlives a single run. */
export interface RunServices {
  readonly workspace: Workspace;
  readonly lake: Lake;
  readonly engine: Engine;
  readonly results: ResultStore;
  readonly checks: CheckStore;
}

/** What a run stands on; fixed while it runs. */
export interface RunContext extends RunServices {
  readonly record: RunRecord;
  readonly analyzed: AnalyzedNotebook;
  readonly inputs: RunInputs;
  readonly view: InputView;
}

/** The values of parameters in this run: what was given, else the default. */
export function bindParameters(
  record: Pick<RunRecord, "date" | "intervalStart" | "intervalEnd" | "parameters">,
  definitions: readonly ParameterDefinition[],
): BoundParameter[] {
  const builtIn: Readonly<Record<string, ParameterValue>> = {
    run_date: record.date,
    interval_start: record.intervalStart,
    interval_end: record.intervalEnd,
  };
  const unique = new Map(definitions.map((definition) => [definition.name, definition]));
  return [...unique.values()].map((definition) => ({
    definition,
    value:
      builtIn[definition.name] ??
      (record.parameters[definition.name] as ParameterValue | undefined) ??
      definition.defaultValue,
  }));
}

/** Key of a pinned lake reference: `lake.orders`, `2026-10-01.orders`. */
export function lakeReference(schema: string, name: string): string {
  return `${schema}.${name}`;
}

export function filesOf(lake: Lake, manifest: Manifest): FilesResult {
  const folder = lake.versionFolder(manifest.dataset, manifest.version);
  return {
    type: "files",
    version: manifest.version,
    files: manifest.files.filter((file) => file.format === "parquet").map((file) => join(folder, file.path)),
    columns: manifest.columns,
    rows: manifest.rows,
    content: manifest.contentHash,
    scannedRows: manifest.scannedRows,
  };
}
