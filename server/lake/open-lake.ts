import { silentLogger } from "../base/logger.js";
import type { Logger } from "../base/logger.js";
import { makeFolder } from "../base/durable.js";
import { InputStore } from "./inputs.js";
import { lakePaths } from "./layout.js";
import type { LakePaths } from "./layout.js";
import { acquireLock } from "./lock.js";
import type { LakeLock, LockOptions } from "./lock.js";
import { CommitLog } from "./log.js";
import { Projection } from "./projection.js";
import { PublicView } from "./public-view.js";
import { VersionFolders } from "./versions.js";

export interface LakeOptions {
  /** `write` takes the lock and repairs what is unfinished; `read` never changes anything. */
  readonly mode: "read" | "write";
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** How to get hold of the lake; tests put two writers onto one. */
  readonly acquireLock?: (options: LockOptions) => Promise<LakeLock>;
}

/** What an open lake consists of, for the files of this folder. */
export interface LakeParts {
  readonly paths: LakePaths;
  readonly log: CommitLog;
  readonly versions: VersionFolders;
  readonly inputs: InputStore;
  readonly view: PublicView;
  /** None in read mode. */
  readonly lock: LakeLock | undefined;
  readonly now: () => Date;
}

export async function lockLake(folder: string, options: LakeOptions): Promise<LakeLock> {
  const { lock, log, versions, inputs, build, runs, scratch, checks, tmp } = lakePaths(folder);
  for (const path of [log, versions, inputs, build, runs, scratch, checks, tmp]) await makeFolder(path);
  return (options.acquireLock ?? acquireLock)({ path: lock, now: nowOf(options) });
}

export async function openParts(folder: string, options: LakeOptions, lock?: LakeLock): Promise<LakeParts> {
  const paths = lakePaths(folder);
  const now = nowOf(options);
  const log = await CommitLog.open({
    folder: paths.log,
    temporaryFolder: paths.tmp,
    isWriter: lock !== undefined,
    logger: options.logger ?? silentLogger,
    now,
    assertOwner: async () => lock?.assertHeld(),
  });
  const versions = new VersionFolders(paths, now);
  const inputs = new InputStore(paths, now);
  await inputs.load();
  return { paths, log, versions, inputs, view: new PublicView(log.state, versions, inputs), lock, now };
}

export function createProjection(folder: string, parts: LakeParts): Projection {
  return new Projection(folder, parts.paths, parts.view);
}

function nowOf(options: LakeOptions): () => Date {
  return options.now ?? (() => new Date());
}
