import { join, posix, resolve } from "node:path";
import { AppError } from "../base/errors.js";
import { isRunDate } from "../base/run-date.js";

/** The absolute folders and files below `data_lake/.lake`. */
export interface LakePaths {
  readonly control: string;
  readonly log: string;
  readonly versions: string;
  readonly inputs: string;
  readonly build: string;
  readonly runs: string;
  readonly scratch: string;
  readonly checks: string;
  /** Emptied whenever the lake is opened for writing. */
  readonly tmp: string;
  /** Files of users that lay where a dataset had to go. */
  readonly foreign: string;
  /** What each run date showed when it was looked through. */
  readonly shown: string;
  readonly lock: string;
  readonly stamps: string;
  /** Takes room on the disk that is given up when there is no other. */
  readonly ballast: string;
}

export function lakePaths(folder: string): LakePaths {
  const control = join(resolve(folder), ".lake");
  const below = (name: string): string => join(control, name);
  return {
    control,
    log: below("log"),
    versions: below("versions"),
    inputs: below("inputs"),
    build: below("build"),
    runs: below("runs"),
    scratch: below("scratch"),
    checks: below("checks"),
    tmp: below("tmp"),
    foreign: below("foreign"),
    shown: below("shown"),
    lock: below("lock"),
    stamps: below("inputs/stamps.json"),
    ballast: below("ballast"),
  };
}

/** Names that mean something else in a public folder. */
const reserved = new Set(["initial_datasets", "latest", "lake", "lakebook", "_runs", "__proto__"]);

export const LATEST = "latest";
export const CATALOG = "catalog.json";
export const INITIAL_DATASETS = "initial_datasets";

export function assertDatasetName(name: string): void {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name)) return;
  throw new AppError("usage", `"${name}" cannot be the name of a dataset`, {
    hint: "Use small letters, digits and _; initial_datasets, latest, lake, lakebook and _runs are taken.",
  });
}

export function assertRunDate(text: string): void {
  if (isRunDate(text)) return;
  throw new AppError("usage", `"${text}" is not a run date`, { hint: "Write it as 2026-11-01." });
}

export function assertNotebookName(name: string): void {
  if (/^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)?$/.test(name)) return;
  throw new AppError("usage", `"${name}" cannot be the name of a notebook`, {
    hint: "Use small letters, digits, _ and -, and at most one folder.",
  });
}

export function recordPath(runDate: string, notebook: string): string {
  return `${runDate}/_runs/${notebook}.json`;
}

/**
 * Where an input lies below `initial_datasets/`: its path below `input/`. One from elsewhere (`data_paths`)
 * goes below `_elsewhere/`, so that it meets no other, and never above the folder.
 */
export function initialDatasetPath(path: string): string {
  const parts = posix
    .normalize(path)
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  if (parts[0] === "input" && parts.length > 1) return parts.slice(1).join("/");
  return ["_elsewhere", ...parts.map((part) => (part === ".." ? "_up" : part))].join("/");
}
