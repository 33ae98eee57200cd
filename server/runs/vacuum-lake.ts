import type { Lake } from "../lake/lake.js";
import type { VersionName } from "../lake/state.js";
import { planVacuum, vacuum, type VacuumOptions, type VacuumPlan } from "../lake/vacuum.js";
import { CheckStore } from "./check-store.js";
import { hasSucceeded, type RunRecord } from "./run-record.js";
import { RunStore } from "./run-store.js";

export interface VacuumRequest {
  /** Only say what would go. */
  readonly dryRun: boolean;
  /** So many run dates of each notebook stay published. */
  readonly keepDates: number;
}

/** What goes, or went. */
export interface VacuumReport extends VacuumPlan {
  readonly isDone: boolean;
  /** What could not be done; the next opening of the lake does it. */
  readonly problems: readonly string[];
}

const KEPT_FINDINGS_DAYS = 30;

/**
 * Removes what nothing names and no run can need any longer. No run may begin meanwhile. Unless it is a dry run, the
 * lake has to be open for writing.
 */
export async function vacuumLake(lake: Lake, { dryRun, keepDates }: VacuumRequest): Promise<VacuumReport> {
  const runs = await new RunStore(lake.paths.runs).list();
  const plan = await planVacuum(lake, { keepDates, ...stillNeeded(lake, runs) });
  if (dryRun) return { isDone: false, ...plan, problems: [] };
  const { problems } = await vacuum(lake, plan);
  // A check that is at work has its rows in a folder that no record names yet.
  if (!runs.some(({ isRunning }) => isRunning)) await sweepChecks(lake, runs);
  return { isDone: true, ...plan, problems };
}

/** Failing rows that a run shows stay. */
async function sweepChecks({ paths, leases }: Lake, runs: readonly RunRecord[]): Promise<void> {
  const files = runs.flatMap((run) => run.checks.flatMap(({ file }) => file ?? []));
  const before = new Date(Date.now() - KEPT_FINDINGS_DAYS * 24 * 60 * 60 * 1000);
  await new CheckStore(paths.checks).sweep(before, new Set(files), leases);
}

/** A run that did not succeed can still be resumed with its input, and reuses what it had computed. */
function stillNeeded(lake: Lake, runs: readonly RunRecord[]): Partial<VacuumOptions> {
  const open = runs.filter((run) => !hasSucceeded(run.outcome));
  return {
    pinned: open.flatMap((run) => [...versionsOf(run), ...pinnedReferences(run), ...candidatesOf(lake, run)]),
    pinnedInputs: open.flatMap((run) => run.inputs.map((input) => input.sha256)),
    pinnedPublications: open.flatMap((run) => run.basedOn ?? []),
  };
}

function versionsOf({ cells }: RunRecord): VersionName[] {
  return cells.flatMap(({ name, version }) => (version === undefined ? [] : [{ dataset: name, version }]));
}

/** `lake.orders`, or `2026-10-01.orders`. */
function pinnedReferences({ lakeVersions }: RunRecord): VersionName[] {
  return Object.entries(lakeVersions).map(([reference, version]) => ({
    dataset: reference.slice(reference.indexOf(".") + 1),
    version,
  }));
}

/** A run that is at work may reuse any version of its datasets, and says only later which. */
function candidatesOf(lake: Lake, { isRunning, cells }: RunRecord): VersionName[] {
  if (!isRunning) return [];
  const names = new Set(cells.map(({ name }) => name));
  return lake.state.stores().filter(({ dataset }) => names.has(dataset));
}
