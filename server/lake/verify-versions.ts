import { join } from "node:path";
import { isSystemError, messageOf } from "../base/errors.js";
import { forEachConcurrently } from "./concurrency.js";
import { maybeReadText } from "../base/durable.js";
import { hashFile } from "./hash-file.js";
import type { Lake } from "./lake.js";
import type { Manifest, PinnedInput, StoreEntry } from "./model.js";
import { REPAIRED_AT_OPENING, problemAt } from "./problem.js";
import type { Problem } from "./problem.js";
import { deliverAgain, restoreVersion } from "./remedies.js";
import { listTree, maybeNames, maybeStat } from "./tree.js";
import { MANIFEST, parseManifest } from "./versions.js";

/** Two cores' worth; more only makes the disk seek. */
const HASHES_AT_ONCE = 2;

export interface VersionFindings {
  readonly problems: readonly Problem[];
  /** Absolute paths of files that are not what was stored. */
  readonly damaged: ReadonlySet<string>;
  /** Of all versions that are there. */
  readonly inputs: readonly PinnedInput[];
}

/** Each version has exactly the files of its manifest, with their sizes and, if `deep`, their content. */
export async function verifyVersions(lake: Lake, deep: boolean): Promise<VersionFindings> {
  const problems = findUnknownFolders(lake);
  const damaged = new Set<string>();
  const inputs: PinnedInput[] = [];
  for (const entry of lake.state.stores()) {
    const manifest = await readManifest(lake, entry, problems);
    if (manifest === undefined) continue;
    inputs.push(...manifest.inputs);
    for (const [path, problem] of await verifyFiles(lake, manifest, deep)) {
      problems.push(problem);
      damaged.add(path);
    }
  }
  return { problems, damaged, inputs };
}

/** From disk, whatever is in memory. */
async function readManifest(
  lake: Lake,
  entry: StoreEntry,
  problems: Problem[],
): Promise<Manifest | undefined> {
  const path = join(lake.versionFolder(entry.dataset, entry.version), MANIFEST);
  const hint = restoreVersion(lake.state, entry);
  try {
    const text = await maybeReadText(path);
    if (text !== undefined) return parseManifest(text, entry);
    problems.push(problemAt(lake, "version-damaged", path, "is missing", hint));
  } catch (error) {
    problems.push(problemAt(lake, "version-damaged", path, `cannot be used: ${messageOf(error)}`, hint));
  }
  return undefined;
}

async function verifyFiles(lake: Lake, manifest: Manifest, deep: boolean): Promise<Map<string, Problem>> {
  const folder = lake.versionFolder(manifest.dataset, manifest.version);
  const tree = await listTree(folder);
  const found = new Map(tree?.files.map((file) => [file.path, file.stats]));
  found.delete(MANIFEST);
  const problems = new Map<string, Problem>();
  const hint = restoreVersion(lake.state, manifest);
  const report = (path: string, problem: Problem): void => void problems.set(join(folder, path), problem);
  await forEachConcurrently(manifest.files, HASHES_AT_ONCE, async ({ path, bytes, sha256 }) => {
    const size = found.get(path)?.size;
    found.delete(path);
    const problem = await verifyContent(lake, "file", join(folder, path), {
      size,
      bytes,
      sha256: deep ? sha256 : undefined,
      hint,
    });
    if (problem !== undefined) report(path, problem);
  });
  for (const path of found.keys()) {
    report(
      path,
      problemAt(lake, "file-extra", join(folder, path), "belongs to no version", "Move it elsewhere."),
    );
  }
  return problems;
}

/** Whatever lies there with the right size counts as right unless there is a hash to compare. */
async function verifyContent(
  lake: Lake,
  kind: "file" | "input",
  path: string,
  {
    size,
    bytes,
    sha256,
    hint,
  }: {
    readonly size: number | undefined;
    readonly bytes: number;
    readonly sha256: string | undefined;
    readonly hint: string;
  },
): Promise<Problem | undefined> {
  if (size === undefined) return problemAt(lake, `${kind}-missing`, path, "is missing", hint);
  if (size !== bytes)
    return problemAt(lake, `${kind}-differs`, path, `has ${size} bytes, not ${bytes}`, hint);
  if (sha256 === undefined) return undefined;
  const found = await maybeHash(path);
  if (found === sha256) return undefined;
  return problemAt(
    lake,
    `${kind}-differs`,
    path,
    found === undefined ? "cannot be read" : "was changed",
    hint,
  );
}

/** Returns undefined for a file that the disk does not deliver. */
export async function maybeHash(path: string): Promise<string | undefined> {
  try {
    return (await hashFile(path)).sha256;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function findUnknownFolders(lake: Lake): Problem[] {
  return maybeNames(lake.paths.versions).flatMap((dataset) => {
    const versions = maybeNames(join(lake.paths.versions, dataset));
    const unknown = versions.filter((version) => lake.state.store(dataset, version) === undefined);
    return unknown.map((version) =>
      problemAt(
        lake,
        "file-extra",
        lake.versionFolder(dataset, version),
        "is named by no entry of the log",
        REPAIRED_AT_OPENING,
      ),
    );
  });
}

/** Pinned input that a current publication or a version speaks of is there. */
export async function verifyInputs(
  lake: Lake,
  ofVersions: readonly PinnedInput[],
  deep: boolean,
): Promise<Problem[]> {
  const published = lake
    .publications()
    .flatMap(({ inputs, runDate }) =>
      inputs.map((input) => ({ ...input, hint: `It is "${input.path}". ${deliverAgain(runDate)}` })),
    );
  const others = ofVersions.map((input) => ({
    ...input,
    hint: `It is "${input.path}". Restore it from a backup.`,
  }));
  const pinned = [...others, ...published.reverse()].filter((input) => input.isPinned);
  const byContent = new Map(pinned.map((input) => [input.sha256, input]));
  const problems: Problem[] = [];
  await forEachConcurrently([...byContent.values()], HASHES_AT_ONCE, async ({ sha256, bytes, hint }) => {
    const path = lake.inputFile(sha256);
    const problem = await verifyContent(lake, "input", path, {
      size: maybeStat(path)?.size,
      bytes,
      sha256: deep ? sha256 : undefined,
      hint,
    });
    if (problem !== undefined) problems.push(problem);
  });
  return problems;
}
