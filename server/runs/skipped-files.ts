import { lstat } from "node:fs/promises";
import { isAppError, type AppError } from "../base/errors.js";
import { requireWhole } from "../lake/compressed-file.js";
import { openInput, stampOf } from "../lake/input-file.js";
import type { EditedText } from "../text/edited-text.js";
import type { Engine } from "../engine/engine.js";
import type { NamedFiles } from "../engine/verbs.js";
import type { QueryFacts } from "../graph/query-analysis.js";
import { findInputFiles, isGlob, type InputFile } from "../workspace/input-files.js";
import type { Workspace } from "../workspace/workspace.js";

/** What a path or pattern stands for. */
export interface MatchedFiles {
  readonly files: readonly InputFile[];
  /** What a pattern would match but is no file that SQL may read: a link out of the folder or to nothing, a pipe; why. */
  readonly skipped: readonly AppError[];
}

/** As `findInputFiles`, without what a pattern leaves out; fails where nothing is left. */
export async function matchInputFiles(workspace: Workspace, pattern: string): Promise<MatchedFiles> {
  const found = await findInputFiles(workspace, pattern);
  const judged = await Promise.all(
    found.map(async (file) => ({ file, problem: file.isPlain ? undefined : await problemOf(file) })),
  );
  const files = judged.flatMap(({ file, problem }) => (problem === undefined ? [file] : []));
  const skipped = judged.flatMap(({ problem }) => problem ?? []);
  if (files.length === 0 && skipped[0] !== undefined) throw skipped[0];
  return { files, skipped };
}

async function problemOf(file: InputFile): Promise<AppError | undefined> {
  try {
    await stampOf(file);
    return undefined;
  } catch (error) {
    if (isAppError(error, "input")) return error;
    throw error;
  }
}

/**
 * Names the files themselves in place of each pattern that matches something else too, for queries that see `input/` as
 * it is. Fails as `matchInputFiles` does.
 */
export async function withoutSkipped(
  engine: Engine,
  workspace: Workspace,
  sql: string,
  facts: QueryFacts | undefined,
): Promise<EditedText> {
  const patterns: NamedFiles[] = [];
  for (const file of facts?.files ?? []) {
    const { files, skipped } = await matchInputFiles(workspace, file.path);
    if (!isGlob(file.path)) await requireFile(files);
    if (skipped.length === 0) continue;
    patterns.push({ pattern: file, paths: files.map(({ path }) => path) });
  }
  return engine.nameFiles(sql, patterns);
}

/** For a query that reads `input/` as it is: a run's files are looked at when they are pinned. */
export async function requireWholeFiles(workspace: Workspace, facts: QueryFacts): Promise<void> {
  for (const { path } of facts.files) {
    const { files } = await matchInputFiles(workspace, path);
    for (const file of files.filter((found) => /\.(gz|zst)$/i.test(found.path))) {
      const input = await openInput(file);
      try {
        await requireWhole(input.handle, file.path);
      } finally {
        await input.handle.close();
      }
    }
  }
}

/** What is missing is told of by the engine. */
async function requireFile(files: readonly InputFile[]): Promise<void> {
  for (const file of files) {
    const stats = await lstat(file.absolutePath).catch(() => undefined);
    if (stats?.isFile() === false) await stampOf(file);
  }
}
