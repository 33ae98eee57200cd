import { link, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { AppError, isAppError, isSystemError } from "../base/errors.js";
import { mapConcurrently } from "../lake/concurrency.js";
import type { Lake } from "../lake/lake.js";
import { deliveredFiles, deliveredPath, type DeliveredFile } from "../incremental/deliveries.js";
import type { Delivery, PinnedInput } from "../lake/model.js";
import { maybeStat } from "../lake/tree.js";
import { globMatcher, isGlob } from "../workspace/input-files.js";
import { matchInputFiles } from "./skipped-files.js";
import type { Workspace } from "../workspace/workspace.js";

/** The files behind the paths that a run's queries name, as they were when the run was created. */
export interface RunInputs {
  /** By the path or glob as the SQL writes it; sorted. */
  readonly files: ReadonlyMap<string, readonly PinnedInput[]>;
  /** Paths that cannot be read, and why. */
  readonly errors: ReadonlyMap<string, AppError>;
  /** What run dates up to this one delivered, this one last. */
  readonly deliveries: readonly Delivery[];
  /** What the paths of cumulative datasets stand for. */
  readonly delivered: ReadonlyMap<string, readonly DeliveredFile[]>;
}

const PATHS_AT_ONCE = 8;
/** Of each path: a folder may hold more files than a process may open. */
const FILES_AT_ONCE = 16;

/**
 * Pins every file that the paths name. Files in `earlier` (of the run that is resumed, or of what was published)
 * are taken from there, whatever lies in input/ now. Who only looks at contents keeps no copies.
 */
export async function pinInputs(
  workspace: Workspace,
  lake: Lake,
  paths: Iterable<string>,
  earlier: readonly PinnedInput[] = [],
  isKept = lake.isWriter,
): Promise<RunInputs> {
  const unique = [...new Set(paths)];
  const found = await mapConcurrently(unique, PATHS_AT_ONCE, async (path) => {
    const kept = earlierFiles(workspace, path, earlier);
    return kept.length > 0 ? kept : pinPath(workspace, lake, path, isKept).catch(toAppError);
  });
  const files = new Map<string, readonly PinnedInput[]>();
  const errors = new Map<string, AppError>();
  for (const [index, path] of unique.entries()) {
    const pinned = found[index] ?? [];
    if (pinned instanceof AppError) errors.set(path, pinned);
    else files.set(path, pinned);
  }
  return { files, errors, deliveries: [], delivered: new Map() };
}

/** Adds what earlier run dates delivered. `paths`: those of cumulative datasets. */
export function withDeliveries(
  workspace: Workspace,
  inputs: RunInputs,
  paths: readonly string[],
  { date, earlier }: { readonly date: string; readonly earlier: readonly Delivery[] },
): RunInputs {
  if (paths.length === 0) return inputs;
  const deliveries = [...earlier, { date, inputs: allInputs(inputs) }];
  const delivered = new Map(
    paths.map((path) => [path, deliveredFiles(deliveries, (found) => earlierFiles(workspace, path, found))]),
  );
  return { ...inputs, deliveries, delivered };
}

function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  throw error;
}

async function pinPath(
  workspace: Workspace,
  lake: Lake,
  path: string,
  isKept: boolean,
): Promise<PinnedInput[]> {
  const { files: found } = await matchInputFiles(workspace, path);
  const pinned = await mapConcurrently(found, FILES_AT_ONCE, (file) =>
    // Who only reads the lake can still forecast.
    isKept ? lake.pinInput(file) : lake.hashInput(file),
  );
  requireContent(pinned);
  return pinned;
}

/** DuckDB reads a file of 0 bytes as no rows, without a word: it is far more often a delivery that went wrong. */
export function requireContent(inputs: readonly Pick<PinnedInput, "path" | "bytes">[]): void {
  const empty = inputs.find((input) => input.bytes === 0);
  if (empty === undefined) return;
  throw new AppError("input", `"${empty.path}" is empty: it has 0 bytes.`, {
    hint: "Deliver it again, or remove it.",
  });
}

function earlierFiles(workspace: Workspace, path: string, earlier: readonly PinnedInput[]): PinnedInput[] {
  const target = resolve(workspace.root, path);
  const absolute = (input: PinnedInput): string => resolve(workspace.root, input.path);
  if (!isGlob(path)) return earlier.filter((input) => absolute(input) === target);
  const matches = globMatcher(target);
  return earlier.filter((input) => matches(absolute(input)));
}

/** All pinned files once, sorted by path. */
export function allInputs(inputs: RunInputs): PinnedInput[] {
  const byPath = new Map([...inputs.files.values()].flat().map((input) => [input.path, input]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths whose content differs between two sets, for the choice `--input pinned|current`. */
export function differingInputs(published: readonly PinnedInput[], current: RunInputs): string[] {
  const before = new Map(published.map((input) => [input.path, input.sha256]));
  const now = allInputs(current);
  const changed = now.filter((input) => before.has(input.path) && before.get(input.path) !== input.sha256);
  const added = [...current.files]
    .filter(([path]) => isGlob(path))
    .flatMap(([, found]) => found.filter((input) => !before.has(input.path)));
  const missing = [...current.errors.keys()].filter((path) => before.has(path));
  const present = new Set(now.map((input) => input.path));
  const globs = [...current.files.keys()].filter(isGlob).map(globMatcher);
  const removed = [...before.keys()].filter(
    (path) => !present.has(path) && globs.some((matches) => matches(path)),
  );
  return [...new Set([...changed, ...added].map((input) => input.path).concat(missing, removed))].sort();
}

/** A folder that shows a run its input exactly as it was pinned, under the names that the SQL uses. */
export interface InputView {
  readonly root: string;
  /** Folders outside of it that the SQL may read too. */
  readonly readable: readonly string[];
  /** What to write instead of a path of the SQL: absolute paths are shown from within the folder. */
  rewrite(path: string): string;
}

const ABSOLUTE = "absolute";

export async function createInputView(
  workspace: Workspace,
  lake: Lake,
  folder: string,
  inputs: RunInputs,
): Promise<InputView> {
  const root = rootIn(folder, workspace);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(root, "input"), { recursive: true });
  for (const input of allInputs(inputs)) {
    if (input.isPinned) await linkInto(lake.inputFile(input.sha256), join(root, viewPath(input.path)));
  }
  for (const file of [...inputs.delivered.values()].flat()) {
    // What is no longer kept is told of by the dataset that needs it.
    if (file.input.isPinned && maybeStat(lake.inputFile(file.input.sha256)) !== undefined)
      await linkInto(lake.inputFile(file.input.sha256), join(root, deliveredPath(file)));
  }
  const open = workspace.settings.dataPaths.filter((path) => !path.snapshot);
  for (const path of open) if (!isAbsolute(path.path)) await linkFolder(path.folder, join(root, path.path));
  const rewrite = (path: string): string => {
    const target = resolve(workspace.root, path);
    if (!isAbsolute(path) || open.some((area) => !relative(area.folder, target).startsWith("..")))
      return path;
    return viewPath(path);
  };
  const readable = [...(root === folder ? [] : [folder]), ...open.map((path) => path.folder)];
  return { root, readable, rewrite };
}

/** So far below the folder that what the SQL calls `../archive/...` lies in the folder too. */
function rootIn(folder: string, { settings }: Workspace): string {
  const ups = settings.dataPaths.map(({ path }) => path.split("/").filter((part) => part === "..").length);
  return join(folder, ...Array<string>(Math.max(0, ...ups)).fill("root"));
}

function viewPath(path: string): string {
  return isAbsolute(path) ? join(ABSOLUTE, path) : path;
}

/** What the engine says of files, with paths as the SQL writes them. */
export function withWrittenPaths(message: string): string {
  return message.replaceAll(/"deliveries\/\d{4}-\d\d-\d\d\//g, '"').replaceAll(`"${ABSOLUTE}/`, '"/');
}

async function linkInto(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    if (!isSystemError(error, "EXDEV", "EPERM", "EMLINK", "ENOTSUP", "ENOSYS")) throw error;
    await symlink(source, target);
  }
}

async function linkFolder(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await symlink(source, target);
}

/**
 * A view of `input/` as it is now, for work that runs nothing (binding, completion) or reads little:
 * nothing is copied or hashed.
 */
export async function createLiveView(workspace: Workspace, folder: string): Promise<InputView> {
  const root = rootIn(folder, workspace);
  await mkdir(root, { recursive: true });
  await linkFolder(workspace.input, join(root, "input")).catch(ignoreExisting);
  for (const path of workspace.settings.dataPaths) {
    if (!isAbsolute(path.path)) await linkFolder(path.folder, join(root, path.path)).catch(ignoreExisting);
  }
  const readable = [workspace.input, ...workspace.settings.dataPaths.map((path) => path.folder)];
  return { root, readable, rewrite: (path) => path };
}

function ignoreExisting(error: unknown): void {
  if (!isSystemError(error, "EEXIST")) throw error;
}
