import { dirname, relative } from "node:path";
import type { Lake } from "./lake.js";

export type ProblemCode =
  | "log-damaged" // an entry of the log is missing or is not what was written
  | "checkpoint-wrong" // the checkpoint is not what the log folds to
  | "unknown-version" // a publication names a version that was never stored
  | "version-damaged" // a manifest is missing or is not the one that was stored
  | "file-missing"
  | "file-differs"
  | "file-extra" // nothing in the log accounts for it
  | "input-missing"
  | "input-differs"
  | "public-missing"
  | "public-differs"
  | "public-extra" // it was taken from public and is still there, or never belonged there
  | "catalog-differs";

/** Where the lake on disk is not what its log says. */
export interface Problem {
  readonly code: ProblemCode;
  /** Relative to the workspace. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export const REPAIRED_AT_OPENING = "It is repaired when the lake is next opened for writing.";
/** Of a public file whose version is damaged. */
export const RESTORE_SOURCE = "It is made anew once the file in data_lake/.lake is restored: see there.";
export const RESTORE_LOG =
  "Restore data_lake/.lake/log from a backup. Public folders can be read as they are meanwhile.";

/** `path` is absolute; the message goes on from it, as in `is missing`. */
export function problemAt(lake: Lake, code: ProblemCode, path: string, what: string, hint: string): Problem {
  const shown = relative(dirname(lake.folder), path);
  return { code, path: shown, message: `"${shown}" ${what}`, hint };
}
