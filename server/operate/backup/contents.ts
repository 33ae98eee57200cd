import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../base/errors.js";
import type { Lake } from "../../lake/lake.js";
import type { Lease } from "../../lake/leases.js";
import { entryFile, entryNumbers } from "../../lake/log-file.js";
import { listTree, maybeNames, maybeStat } from "../../lake/tree.js";
import type { Workspace } from "../../workspace/workspace.js";

/** Last in the archive: one that lacks it is not whole. */
export const CONTENTS = "backup.json";

export const contentsSchema = z.object({
  format: z.literal(1),
  createdAt: z.string(),
  /** Of Lakebook. */
  version: z.string(),
  /** The last entry of the lake's log. */
  seq: z.number(),
  /** What could not be taken whole, in sentences. */
  problems: z.array(z.string()),
  files: z.array(
    z.object({
      path: z.string(),
      sha256: z.string(),
      bytes: z.number(),
      /** The path before it in the archive that is the same file. */
      link: z.string().optional(),
    }),
  ),
});
export type BackupContents = z.infer<typeof contentsSchema>;

/** A file that belongs into the archive. */
export interface BackupFile {
  /** Below the workspace, `/` as separator. */
  readonly path: string;
  readonly source: string;
  /** What the lake says of its content. */
  readonly sha256?: string;
}

export interface BackupPlan {
  readonly seq: number;
  readonly files: readonly BackupFile[];
  readonly problems: readonly string[];
}

const CONTROL = "data_lake/.lake";

/**
 * What a backup has: the log up to now, what it names, the records of runs, notebooks, settings, private state and, unless
 * it is left out, `input/`. Public folders, results of queries and what is being built are made anew from these. The lease
 * keeps from vacuum what is listed, until it is released.
 */
export async function planBackup(
  { lake, workspace }: { readonly lake: Lake; readonly workspace: Workspace },
  lease: Lease,
  { hasInput }: { readonly hasInput: boolean },
): Promise<BackupPlan> {
  // In one go, so that nothing is removed in between.
  const { seq } = lake.state;
  const stores = lake.state.stores();
  for (const { dataset, version } of stores) lease.hold(lake.versionFolder(dataset, version));
  const inputs = maybeNames(lake.paths.inputs).filter((name) => /^[0-9a-f]{64}$/.test(name));
  for (const sha256 of inputs) lease.hold(lake.inputFile(sha256));
  const log = entryNumbers(lake.paths.log).filter((number) => number <= seq);

  const problems: string[] = [];
  const files: BackupFile[] = log.map((number) => {
    const source = entryFile(lake.paths.log, number);
    return { path: `${CONTROL}/log/${source.slice(lake.paths.log.length + 1)}`, source };
  });
  for (const { dataset, version } of stores) {
    const known = await hashesOf(lake, dataset, version, problems);
    const below = `${CONTROL}/versions/${dataset}/${version}`;
    const listed = await filesBelow(lake.versionFolder(dataset, version), below, problems);
    for (const file of listed) {
      const sha256 = known.get(file.path.slice(below.length + 1));
      files.push({ ...file, ...(sha256 !== undefined && { sha256 }) });
    }
  }
  for (const sha256 of inputs)
    files.push({ path: `${CONTROL}/inputs/${sha256}`, source: lake.inputFile(sha256), sha256 });
  const isRecord = (path: string): boolean => path.endsWith(".json");
  files.push(...(await filesBelow(lake.paths.runs, `${CONTROL}/runs`, problems, isRecord)));
  files.push(...(await filesBelow(lake.paths.foreign, `${CONTROL}/foreign`, problems)));
  files.push(...(await filesBelow(workspace.notebooks, "notebooks", problems)));
  files.push(...(await filesBelow(workspace.state, ".lakebook", problems, isKeptState)));
  if (hasInput) files.push(...(await filesBelow(workspace.input, "input", problems)));
  const settings = join(workspace.root, "lakebook.yaml");
  if (maybeStat(settings)?.isFile() === true) files.push({ path: "lakebook.yaml", source: settings });
  return { seq, files, problems };
}

/** Where the server is, who is logged in and who changes something just now means nothing elsewhere; uploads are not there yet. */
function isKeptState(path: string): boolean {
  return !/^(server\.json|sessions\.json|uploads\/)|\/\.lock|\.tmp$/.test(path);
}

async function hashesOf(
  lake: Lake,
  dataset: string,
  version: string,
  problems: string[],
): Promise<ReadonlyMap<string, string>> {
  try {
    const { files } = await lake.manifest(dataset, version);
    for (const { path } of files)
      if (maybeStat(join(lake.versionFolder(dataset, version), path)) === undefined)
        problems.push(`"${dataset}" lacks the file ${path} of its version ${version}.`);
    return new Map(files.map(({ path, sha256 }) => [path, sha256]));
  } catch (error) {
    problems.push(messageOf(error));
    return new Map();
  }
}

async function filesBelow(
  folder: string,
  path: string,
  problems: string[],
  isWanted: (path: string) => boolean = () => true,
): Promise<BackupFile[]> {
  const tree = await listTree(folder);
  const wanted = (tree?.files ?? []).filter((file) => isWanted(file.path));
  for (const { path: below, stats } of wanted)
    if (!stats.isFile()) problems.push(`"${path}/${below}" is no file of its own: it was left out.`);
  return wanted
    .filter(({ stats }) => stats.isFile())
    .map(({ path: below }) => ({ path: `${path}/${below}`, source: join(folder, below) }));
}

/** Whether a backup of this product may have such a path. */
export function isBackupPath(path: string): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[\0\\]/.test(path)) return false;
  return (
    path === "lakebook.yaml" ||
    /^(notebooks|input|\.lakebook)\/./.test(path) ||
    /^data_lake\/\.lake\/(log|versions|inputs|runs|foreign)\/./.test(path)
  );
}
