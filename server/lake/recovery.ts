import { rmdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, messageOf } from "../base/errors.js";
import { maybeJson, maybeReadText } from "../base/durable.js";
import type { Logger } from "../base/logger.js";
import { CATALOG } from "./layout.js";
import type { LakePaths } from "./layout.js";
import { createProjection } from "./open-lake.js";
import type { LakeParts } from "./open-lake.js";
import type { LakeState } from "./state.js";
import { maybeNames, maybeStat, removeTree } from "./tree.js";

/** What the opening of a lake found unfinished, and what became of it. Paths are below `data_lake/`. */
export interface RecoveryReport {
  /** Public folders and files that were brought to what the log says. */
  readonly projected: readonly string[];
  readonly removed: readonly string[];
  /** Builds and versions that no entry of the log names, and copies of input that a power cut damaged. */
  readonly swept: readonly string[];
  /** Ends of the log that were no entries; now `.lake/log/damaged-…`. */
  readonly movedAside: readonly string[];
  /** Files of users that lay within a dataset's folder; now below `.lake/foreign/`. */
  readonly rescued: readonly string[];
  /** What could not be repaired, in words for people. */
  readonly problems: readonly string[];
}

export const nothingRecovered: RecoveryReport = {
  projected: [],
  removed: [],
  swept: [],
  movedAside: [],
  rescued: [],
  problems: [],
};

/** What other processes may have left that tried to get the lock is younger than this while they try. */
const LOCK_LEFTOVER_MS = 60 * 60 * 1000;

/**
 * Brings the lake to what its log says, from whatever moment a process ended at. It may be ended at any
 * moment itself. What no entry names goes; nothing else ever does.
 */
export async function recover(folder: string, parts: LakeParts, logger: Logger): Promise<RecoveryReport> {
  const { paths, log } = parts;
  const lost = log.state.seq === 0 ? await lostLog(folder) : [];
  await sweepLockLeftovers(paths);
  // Before versions go: while a public file has a second link in a version it is known to be ours.
  const { shown, removed, rescued, problems } = await createProjection(folder, parts).recoverAll();
  const builds = await sweepBuilds(paths);
  const versions = await sweepVersions(paths, log.state);
  const inputs = await parts.inputs.recover();
  const report: RecoveryReport = {
    projected: shown,
    removed,
    swept: [...builds, ...versions, ...inputs],
    movedAside: log.movedAside,
    rescued,
    problems: [...lost, ...problems.map(messageOf)],
  };
  logReport(report, logger);
  return report;
}

/** A lake without a log has published nothing, as far as that says; its catalog may know better. */
async function lostLog(folder: string): Promise<string[]> {
  const text = await maybeReadText(join(folder, CATALOG));
  const catalog = text === undefined ? undefined : maybeJson(text);
  const datasets =
    typeof catalog === "object" && catalog !== null && "datasets" in catalog ? catalog.datasets : [];
  if (!Array.isArray(datasets) || datasets.length === 0) return [];
  return [
    `"${CATALOG}" lists ${datasets.length} datasets, and data_lake/.lake/log is empty: restore data_lake/.lake from a backup, or else all of it begins anew, without what earlier dates delivered`,
  ];
}

function logReport({ problems, ...repaired }: RecoveryReport, logger: Logger): void {
  const isAnything = Object.values(repaired).some((paths) => paths.length > 0);
  if (isAnything) logger.info("the lake was repaired", repaired);
  for (const problem of problems) logger.warn("the lake could not be repaired", { problem });
}

async function sweepBuilds(paths: LakePaths): Promise<string[]> {
  const names = maybeNames(paths.build);
  for (const name of names) await removeTree(join(paths.build, name));
  return names.map((name) => `.lake/build/${name}`);
}

/** Finishes what vacuum began too: an expired version counts as one that no entry names. */
async function sweepVersions(paths: LakePaths, state: LakeState): Promise<string[]> {
  const swept: string[] = [];
  for (const dataset of maybeNames(paths.versions)) {
    const folder = join(paths.versions, dataset);
    for (const version of maybeNames(folder)) {
      if (state.store(dataset, version) !== undefined || !isVersionFolder(folder, version)) continue;
      await removeTree(join(folder, version));
      swept.push(`.lake/versions/${dataset}/${version}`);
    }
    removeIfEmpty(folder);
  }
  return swept;
}

function isVersionFolder(folder: string, name: string): boolean {
  return /^\d{8}T\d{9}Z-[0-9a-f]{8}$/.test(name) && maybeStat(join(folder, name))?.isDirectory() === true;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST", "ENOTDIR", "ENOENT")) throw error;
  }
}

async function sweepLockLeftovers({ control }: LakePaths): Promise<void> {
  for (const name of maybeNames(control)) {
    if (!/^lock-[0-9a-f]+$|^\.lock.*\.tmp$/.test(name)) continue;
    const ageMs = Date.now() - (maybeStat(join(control, name))?.mtimeMs ?? 0);
    if (Math.abs(ageMs) > LOCK_LEFTOVER_MS) await rm(join(control, name), { force: true });
  }
}
