import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isAppError, isSystemError } from "../base/errors.js";
import { mapConcurrently } from "../lake/concurrency.js";
import type { Lake } from "../lake/lake.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { hasSucceeded, type RunRecord } from "../runs/run-record.js";
import type { RunStore } from "../runs/run-store.js";
import { findInputFiles, globMatcher, isGlob, listInputFiles } from "../workspace/input-files.js";
import type { Workspace } from "../workspace/workspace.js";
import { viewDelivery, type DeliveryView, type FoundFile } from "./delivery-view.js";

export interface DeliveryParts {
  readonly workspace: Workspace;
  readonly notebooks: NotebookCache;
  /** Undefined where nothing was ever run. */
  readonly lake: Lake | undefined;
  readonly store: RunStore | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const FILES_AT_ONCE = 8;
/** Longer than that nobody waits for notebooks to be understood: who reads a file is left out then. */
const ANALYSIS_MS = 5000;

/** Every file of input/, sorted by path. One that goes meanwhile is left out. */
export async function listDeliveries(parts: DeliveryParts): Promise<DeliveryView[]> {
  const { workspace, lake, now } = parts;
  const publications = [...(lake?.publications() ?? [])].sort((a, b) => a.seq - b.seq);
  const records = await unfinishedRuns(parts.store);
  const everRead = new Set([
    ...publications.flatMap(({ inputs }) => inputs.map(({ path }) => path)),
    ...records.flatMap(({ inputs }) => inputs.map(({ path }) => path)),
  ]);
  const readersOf = await findReaders(parts);
  const views = await mapConcurrently(await listInputFiles(workspace), FILES_AT_ONCE, async (path) => {
    const file = await findFile(parts, path, everRead.has(path));
    return file && viewDelivery({ ...file, readers: readersOf(path) }, { publications, records }, now);
  });
  return views.filter((view) => view !== undefined);
}

async function findFile(
  { workspace, lake }: DeliveryParts,
  path: string,
  isKnown: boolean,
): Promise<Omit<FoundFile, "readers"> | undefined> {
  try {
    const [file] = await findInputFiles(workspace, escapeGlob(path));
    if (file === undefined) return undefined;
    const { size, mtimeMs, ctimeMs } = await stat(file.absolutePath);
    // What nobody has read is not read here either: it may be large.
    const hashed =
      isKnown && lake !== undefined ? await lake.hashInput(file).catch(() => undefined) : undefined;
    return { path, bytes: size, changedMs: Math.max(mtimeMs, ctimeMs), sha256: hashed?.sha256 };
  } catch (error) {
    if (isSystemError(error) || isAppError(error)) return undefined;
    throw error;
  }
}

/** A file whose name has wildcards is meant itself. */
function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}

/** Materializations that are at work, and of each notebook and date the newest where it did not succeed. */
async function unfinishedRuns(store: RunStore | undefined): Promise<RunRecord[]> {
  if (store === undefined) return [];
  const seen = new Set<string>();
  const ids = (await store.recent()).flatMap(({ id, notebook, date, mode, isRunning, outcome }) => {
    const key = `${notebook}\n${date}`;
    if (mode !== "materialize") return [];
    const isNewest = !seen.has(key);
    seen.add(key);
    return isRunning || (isNewest && !hasSucceeded(outcome)) ? [id] : [];
  });
  const records = await mapConcurrently(ids.slice(0, MOST_RUNS), FILES_AT_ONCE, (id) => store.find(id));
  return records.filter((record) => record !== undefined);
}

/** Older failures say nothing of what lies there now. */
const MOST_RUNS = 200;

async function findReaders({ workspace, notebooks }: DeliveryParts): Promise<(path: string) => string[]> {
  const listed = await notebooks.list(ANALYSIS_MS);
  const patterns = listed.flatMap(({ file, analyzed }) => {
    const paths = [...(analyzed?.graph.nodes.values() ?? [])].flatMap(
      ({ facts }) => facts?.files.map(({ path }) => path) ?? [],
    );
    return [...new Set(paths)].map((path) => {
      const target = resolve(workspace.root, path);
      const matches = isGlob(path) ? globMatcher(target) : (found: string) => found === target;
      return { notebook: file.name, matches };
    });
  });
  return (path) => {
    const absolute = resolve(workspace.root, path);
    return [...new Set(patterns.filter(({ matches }) => matches(absolute)).map(({ notebook }) => notebook))];
  };
}
