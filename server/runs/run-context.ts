import { ownValue } from "../base/own-value.js";
import { withKind } from "../engine/type-names.js";
import type { BoundParameter, Engine } from "../engine/engine.js";
import type { ParameterDefinition, ParameterValue } from "../notebook/notebook.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Lake } from "../lake/lake.js";
import type { Lease } from "../lake/leases.js";
import type { Manifest } from "../lake/model.js";
import type { VersionDraft } from "../lake/versions.js";
import type { Workspace } from "../workspace/workspace.js";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import type { FilesResult, JudgedVersion } from "./cell-result.js";
import type { ChangeFiles } from "./change-files.js";
import type { CheckStore } from "./check-store.js";
import type { RememberedParts } from "./remembered-parts.js";
import type { ResultStore, ScratchResult } from "./result-store.js";
import type { InputView, RunInputs } from "./run-inputs.js";
import type { RunRecord } from "./run-record.js";
import type { SharedWork } from "./shared-work.js";

/** What outlives a single run. */
export interface RunServices {
  readonly workspace: Workspace;
  readonly lake: Lake;
  readonly engine: Engine;
  readonly notebooks: NotebookCache;
  readonly results: ResultStore;
  readonly remembered: RememberedParts;
  /** Query cells that are being computed, by fingerprint. */
  readonly queries: SharedWork<ScratchResult>;
  /** Datasets that are being computed, by name and fingerprint. */
  readonly datasets: SharedWork<JudgedVersion>;
  readonly checks: CheckStore;
}

/** What a run stands on; fixed while it runs. */
export interface RunContext extends RunServices {
  readonly record: RunRecord;
  readonly analyzed: AnalyzedNotebook;
  readonly inputs: RunInputs;
  readonly view: InputView;
  readonly changes: ChangeFiles;
  /** Keeps what the run has read or made until it has ended. */
  readonly lease: Lease;
}

/** The values of parameters in this run: what was given, else the default. */
export function bindParameters(
  record: Pick<RunRecord, "date" | "intervalStart" | "intervalEnd" | "parameters">,
  definitions: readonly ParameterDefinition[],
): BoundParameter[] {
  const builtIn = new Map<string, ParameterValue>([
    ["run_date", record.date],
    ["interval_start", record.intervalStart],
    ["interval_end", record.intervalEnd],
  ]);
  const unique = new Map(definitions.map((definition) => [definition.name, definition]));
  return [...unique.values()].map((definition) => ({
    definition,
    value:
      builtIn.get(definition.name) ??
      (ownValue(record.parameters, definition.name) as ParameterValue | undefined) ??
      definition.defaultValue,
  }));
}

/** Key of a pinned lake reference: `lake.orders`, `2026-10-01.orders`. */
export function lakeReference(schema: string, name: string): string {
  return `${schema}.${name}`;
}

export function filesOf(lake: Lake, manifest: Manifest): FilesResult {
  const folder = lake.versionFolder(manifest.dataset, manifest.version);
  return { ...filesIn(folder, manifest), version: manifest.version };
}

/** A version's rows where they lie while it has no place of its own yet. */
export function filesIn(
  folder: string,
  {
    files,
    columns,
    rows,
    contentHash,
    scannedRows,
  }: Pick<VersionDraft, "files" | "columns" | "rows" | "contentHash" | "scannedRows">,
): FilesResult {
  const parquet = files.filter(({ format }) => format === "parquet");
  return {
    type: "files",
    files: parquet.map(({ path }) => join(folder, path)),
    columns: columns.map(withKind),
    rows,
    content: contentHash,
    scannedRows,
  };
}

/** Where rows are ordered, the same rows in another order are other content. */
export function withOrder({ facts }: GraphNode, result: FilesResult, fingerprint: string): FilesResult {
  return facts?.isOrdered === true ? { ...result, content: fingerprint } : result;
}
