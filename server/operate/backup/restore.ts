import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../base/errors.js";
import { makeFolder, makePrivateFolder, syncFolder } from "../../base/durable.js";
import type { Logger } from "../../base/logger.js";
import { Lake } from "../../lake/lake.js";
import type { Problem } from "../../lake/problem.js";
import { verifyLake } from "../../lake/verify.js";
import type { BackupContents } from "./contents.js";
import { readBackup } from "./read-backup.js";

export interface Restored {
  readonly contents: BackupContents;
  /** What verify says of the lake. */
  readonly problems: readonly Problem[];
}

const UNFINISHED = ".lakebook-restore";

/**
 * Makes a workspace of an archive in a folder that is empty or missing. Everything gets its place at the end, `notebooks/`
 * last: what is killed before is no workspace, and begins anew. Fails with code conflict for a folder that has something.
 */
export async function restoreBackup(file: string, folder: string, logger: Logger): Promise<Restored> {
  await makeFolder(folder);
  const found = (await readdir(folder)).filter((name) => name !== UNFINISHED);
  if (found.length > 0)
    throw new AppError("conflict", `"${folder}" is not empty.`, { hint: "Name an empty folder with --to." });
  const staging = join(folder, UNFINISHED);
  await rm(staging, { recursive: true, force: true });
  await makePrivateFolder(staging);
  try {
    const contents = await readBackup(file, staging);
    for (const name of ["notebooks", "input", "data_lake", ".lakebook"])
      await mkdir(join(staging, name), { recursive: true });
    await chmod(join(staging, ".lakebook"), 0o700);
    // It shows what the log says in the public folders.
    const lake = await Lake.open(join(staging, "data_lake"), { mode: "write", logger });
    const problems = await verifyLake(lake, { deep: true }).finally(() => lake.close());
    const names = await readdir(staging);
    for (const name of [...names.filter((other) => other !== "notebooks"), "notebooks"])
      await rename(join(staging, name), join(folder, name));
    await syncFolder(folder);
    return { contents, problems };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
