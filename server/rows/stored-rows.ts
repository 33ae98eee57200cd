import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, isAppError } from "../base/errors.js";
import type { Column, Engine, StoredColumn } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { whileLeased, type Lease } from "../lake/leases.js";
import { requirePublished } from "./published-place.js";
import { isInside } from "../workspace/workspace.js";
import type { ResultStore } from "../runs/result-store.js";
import { filesOf } from "../runs/run-context.js";
import type { RunIndex } from "../runs/run-index.js";
import type { RunManager } from "../runs/run-manager.js";
import type { RunRequest } from "../runs/run-request.js";
import { isThere, type ForecastCell } from "../runs/forecast-run.js";
import { isDataset } from "../notebook/notebook.js";
import { unknownName } from "../text/unknown-name.js";
import { hasRows, type CellRecord, type CheckRecord } from "../runs/run-record.js";

/** Rows that a run left in Parquet: they never change under their key. */
export interface StoredRows {
  readonly key: string;
  /** Keeps the files; who goes on reading after it was released shares it before. Absent: nothing ever removes them. */
  readonly lease?: Lease;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
}

/** A column as it is shown. */
export interface ShownColumn extends Column {
  /** What its readers, sorting and filters call it, where a column before it has its name. */
  readonly key?: string;
}

export function shownColumn({ name, label, type, kind }: StoredColumn): ShownColumn {
  return label === undefined ? { name, type, kind } : { name: label, type, kind, key: name };
}

export interface RowsOfRun extends StoredRows {
  /** Absent where the rows were asked for by their fingerprint. */
  readonly run?: string;
}

type LeasedRows = StoredRows & { readonly lease: Lease };

export interface RowsServices {
  readonly lake: Lake;
  readonly results: ResultStore;
  readonly engine: Engine;
  readonly manager: RunManager;
  readonly runs: RunIndex;
}

export interface RowsRequest {
  readonly notebook: string;
  readonly cell: string;
  /** Default: the newest run that has them. */
  readonly run?: string | undefined;
  /** A fingerprint: the rows that have it, whichever run made them. */
  readonly result?: string | undefined;
  /** The failing rows of this check instead. */
  readonly check?: string | undefined;
}

/** The rows stay until `use` has ended. Fails with code not-found where no run has such rows, or where they are no longer kept. */
export async function useCellRows<T>(
  services: RowsServices,
  request: RowsRequest,
  use: (rows: RowsOfRun) => Promise<T>,
): Promise<T> {
  const rows = await findCellRows(services, request);
  return whileLeased(rows.lease, () => use(rows));
}

/** The rows that failed a check, as a run kept them, until `use` has ended. Fails with code not-found where they are no longer kept. */
export async function useFailingRows<T>(
  services: Pick<RowsServices, "lake" | "engine">,
  check: Pick<CheckRecord, "name" | "file">,
  use: (rows: StoredRows) => Promise<T>,
): Promise<T> {
  const rows = await checkRows(services, check);
  return whileLeased(rows.lease, () => use(rows));
}

/**
 * The rows stay until `use` has ended. `runDate`: also `latest`, or a publication of a date, `2026-10-01@3`. Fails with
 * code not-found where the dataset was not published for that.
 */
export async function usePublishedRows<T>(
  lake: Lake,
  runDate: string,
  dataset: string,
  use: (rows: StoredRows) => Promise<T>,
): Promise<T> {
  const { version } = requirePublished(lake, dataset, runDate);
  const rows = await leaseVersion(lake, dataset, version);
  return whileLeased(rows.lease, () => use(rows));
}

/** Release its lease. Fails with code not-found for a version that vacuum removed. */
export async function leaseVersion(lake: Lake, dataset: string, version: string): Promise<LeasedRows> {
  const lease = lake.leases.open(lake.versionFolder(dataset, version));
  try {
    const { files, columns, rows } = filesOf(lake, await lake.manifest(dataset, version));
    return { key: `${dataset}/${version}`, files, columns, rows, lease };
  } catch (error) {
    lease.release();
    throw error;
  }
}

/** Release its lease. Undefined where the rows of a query cell are no longer kept. */
export async function leaseResult(
  results: ResultStore,
  fingerprint: string,
): Promise<LeasedRows | undefined> {
  const kept = await results.find(fingerprint);
  if (kept === undefined) return undefined;
  const { files, columns, rows } = kept.value;
  return { key: fingerprint, files, columns, rows, lease: kept.lease };
}

async function findCellRows(
  services: RowsServices,
  request: RowsRequest,
): Promise<RowsOfRun & { readonly lease: Lease }> {
  const check = (await findFinding(services, request)) ?? (await findCheck(services, request));
  if (check !== undefined) return ofCheck(services, check);
  if (request.check === undefined && request.result !== undefined)
    return resultRows(services, request.cell, request.result);
  const found = request.check === undefined ? await findCell(services, request) : undefined;
  const isOpen = found === undefined && request.run === undefined;
  const now = isOpen ? await forecast(services, request) : undefined;
  const known = now?.checks?.find(({ name }) => name === (request.check ?? request.cell));
  if (known !== undefined) return ofCheck(services, { check: known });
  if (request.check !== undefined) throw notFound(`Check "${request.check}" has not been run.`);
  if (now?.fingerprint !== undefined && isThere(now))
    return resultRows(services, request.cell, now.fingerprint);
  if (found === undefined) throw await whyNoRows(services, request);
  const { cell } = found;
  if (cell.version !== undefined)
    return { run: found.run, ...(await leaseVersion(services.lake, cell.name, cell.version)) };
  return { run: found.run, ...(await keptRows(services, cell.name, cell.fingerprint ?? "")) };
}

/** A materialization leaves out what only people look at, so that a query cell may never have been run. */
async function whyNoRows(
  { manager }: Pick<RowsServices, "manager">,
  { notebook: name, cell, run }: RowsRequest,
): Promise<AppError> {
  if (run !== undefined) return notFound(`Run ${run} has no rows of cell "${cell}".`);
  const { notebooks } = manager.services;
  const { notebook, graph } = await notebooks.analyze(await notebooks.read(name));
  const node = graph.nodes.get(cell);
  if (node === undefined) {
    const names = notebook.cells.map((each) => each.name);
    return unknownName("not-found", `Notebook "${name}" has no cell "${cell}".`, cell, names);
  }
  const hint = `Run it: lakebook run ${name} --cell ${cell}`;
  if (node.cell.kind === "sql" && !isDataset(node.cell))
    return notFound(
      `Query cell "${cell}" has not been run: a materialization computes only what datasets read.`,
      hint,
    );
  if (node.cell.kind === "sql" || node.cell.kind === "check")
    return notFound(`Cell "${cell}" has no rows yet: it has not been run.`, hint);
  return notFound(`Cell "${cell}" is of kind ${node.cell.kind} and has no rows.`);
}

/**
 * The fingerprint of what the cell would be now, where there is a result of that: a run may have given it another name.
 * Undefined also for a notebook that cannot run.
 */
export async function currentResult(
  services: Pick<RowsServices, "manager">,
  wanted: Pick<RowsRequest, "notebook" | "cell"> & Pick<RunRequest, "parameters">,
): Promise<string | undefined> {
  return (await resultNow(services, wanted)).fingerprint;
}

/** As `currentResult`; `isOutdated`: a run would make something else of the cell than there is. */
export async function resultNow(
  services: Pick<RowsServices, "manager">,
  wanted: Pick<RowsRequest, "notebook" | "cell"> & Pick<RunRequest, "parameters">,
): Promise<{ readonly fingerprint?: string | undefined; readonly isOutdated: boolean }> {
  const now = await forecast(services, wanted);
  if (now !== undefined && isThere(now)) return { fingerprint: now.fingerprint, isOutdated: false };
  return { isOutdated: now !== undefined && now.isVolatile !== true };
}

/** What would become of the cell now. Undefined for a notebook that cannot run. */
async function forecast(
  { manager }: Pick<RowsServices, "manager">,
  { notebook, cell, parameters }: Pick<RowsRequest, "notebook" | "cell"> & Pick<RunRequest, "parameters">,
): Promise<ForecastCell | undefined> {
  try {
    const { cells } = await manager.forecast({ notebook, mode: "run", cells: [cell], parameters });
    return cells.find(({ name }) => name === cell);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return undefined;
  }
}

/** A dataset's version, also one that was stored under another name, or what is kept of a query cell. */
async function resultRows(services: RowsServices, cell: string, fingerprint: string): Promise<LeasedRows> {
  const stored = services.lake.findVersion(cell, fingerprint);
  if (stored !== undefined) return leaseVersion(services.lake, cell, stored.version);
  const twin = services.lake.findTwin(cell, fingerprint);
  if (twin !== undefined) return leaseVersion(services.lake, twin.dataset, twin.version);
  return keptRows(services, cell, fingerprint);
}

async function keptRows({ results }: RowsServices, cell: string, fingerprint: string): Promise<LeasedRows> {
  const kept = await leaseResult(results, fingerprint);
  if (kept === undefined) throw notFound(`The rows of cell "${cell}" are no longer kept.`, "Run it again.");
  return kept;
}

async function findCell(
  { manager, runs }: RowsServices,
  { notebook, cell: name, run }: RowsRequest,
): Promise<{ readonly run: string; readonly cell: CellRecord } | undefined> {
  if (run === undefined) return runs.cell(notebook, name);
  const view = await manager.view(run);
  const cell = view.cells.find((candidate) => candidate.name === name && hasRows(candidate));
  return cell === undefined || view.notebook !== notebook ? undefined : { run, cell };
}

interface FoundCheck {
  /** Absent where it was found by what it read. */
  readonly run?: string;
  readonly check: Pick<CheckRecord, "name" | "file">;
}

async function ofCheck(
  services: RowsServices,
  { run, check }: FoundCheck,
): Promise<RowsOfRun & { readonly lease: Lease }> {
  return { ...(run !== undefined && { run }), ...(await checkRows(services, check)) };
}

/** What is kept of a check under the fingerprint that was asked for. */
async function findFinding(
  { manager }: RowsServices,
  { cell, check: name = cell, result }: RowsRequest,
): Promise<FoundCheck | undefined> {
  const finding = result === undefined ? undefined : await manager.services.checks.find(result);
  return finding && { check: { ...finding, name } };
}

/** Of a check cell the rows are always the failing ones. */
async function findCheck(
  { manager, runs }: RowsServices,
  { notebook, cell, run, result, check: name }: RowsRequest,
): Promise<FoundCheck | undefined> {
  const belongs = (check: CheckRecord): boolean =>
    (check.cell === undefined || check.cell === cell) &&
    (result === undefined || (check.fingerprint ?? result) === result);
  if (run === undefined) {
    const found = await runs.check(notebook, name ?? cell);
    return found !== undefined && belongs(found.check) ? found : undefined;
  }
  const view = await manager.view(run);
  const check = view.checks.find((candidate) => candidate.name === (name ?? cell) && belongs(candidate));
  return check === undefined || view.notebook !== notebook ? undefined : { run, check };
}

/** A check that passed has none; the file of another one tells its columns itself. */
async function checkRows(
  { lake, engine }: Pick<RowsServices, "lake" | "engine">,
  check: FoundCheck["check"],
): Promise<LeasedRows> {
  const { file } = check;
  if (file === undefined) return { key: "", files: [], columns: [], rows: 0, lease: lake.leases.open() };
  const gone = notFound(`The failing rows of check "${check.name}" are no longer kept.`, "Run it again.");
  if (!isInside(file, lake.paths.checks)) throw gone;
  const lease = lake.leases.open(dirname(file));
  try {
    return { ...(await readCheckFile(engine, check.name, file, gone)), lease };
  } catch (error) {
    lease.release();
    throw error;
  }
}

async function readCheckFile(
  engine: Engine,
  name: string,
  file: string,
  gone: AppError,
): Promise<StoredRows> {
  if (!existsSync(file)) throw gone;
  try {
    const described = await engine.describeFile(file, { label: name, timeoutMs: 30_000 });
    return { key: file, files: [file], ...described };
  } catch (error) {
    throw isAppError(error, "query") ? gone : error;
  }
}

function notFound(message: string, hint?: string): AppError {
  return new AppError("not-found", message, hint === undefined ? {} : { hint });
}
