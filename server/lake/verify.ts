import { withDiskErrors } from "../base/disk-error.js";
import type { Lake } from "./lake.js";
import type { Problem } from "./problem.js";
import { forgetShownDates } from "./shown-dates.js";
import { verifyLog } from "./verify-log.js";
import { verifyPublic } from "./verify-public.js";
import { verifyInputs, verifyVersions } from "./verify-versions.js";

export interface VerifyOptions {
  /** Also read every file and compare its SHA-256. */
  readonly deep: boolean;
}

/**
 * Proves the lake against its log: the log itself, the versions, the pinned input, the public folders and the
 * catalog. Changes nothing of it. While another process writes, what it has just begun looks like a problem:
 * therefore only what is found twice is reported.
 */
export async function verifyLake(lake: Lake, options: VerifyOptions): Promise<Problem[]> {
  const found = await withDiskErrors(undefined, () => verifyOnce(lake, options));
  if (found.length === 0) return [];
  const again = new Set((await verifyOnce(lake, options)).map((problem) => problem.message));
  const problems = found.filter((problem) => again.has(problem.message));
  // What is repaired at the next opening has to be looked at then.
  if (problems.some(({ code }) => code.startsWith("public-"))) await forgetShownDates(lake.paths);
  return problems;
}

async function verifyOnce(lake: Lake, { deep }: VerifyOptions): Promise<Problem[]> {
  if (!lake.isWriter) await lake.refresh();
  const log = await verifyLog(lake);
  const { problems: versions, damaged, inputs } = await verifyVersions(lake, deep);
  const pinned = await verifyInputs(lake, inputs, deep);
  return [...log, ...versions, ...pinned, ...(await verifyPublic(lake, { deep, damaged }))];
}
