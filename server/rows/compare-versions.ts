import { AppError } from "../base/errors.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { DiffSide, KeyGuess, RowDiff } from "../engine/verbs.js";
import type { Lake } from "../lake/lake.js";
import { whileLeased } from "../lake/leases.js";
import type { Manifest, ManifestFile } from "../lake/model.js";
import type { VersionName } from "../lake/state.js";
import { filesIn } from "../runs/run-context.js";
import { foldCase } from "../text/sql-names.js";
import { suggest } from "../text/suggest.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";

/** Two versions, row by row. */
export interface VersionDiff extends RowDiff {
  /** They have exactly the same rows, in columns of the same names and types. */
  readonly isSame: boolean;
}

interface Services {
  readonly lake: Lake;
  readonly engine: Engine;
}

/**
 * Rows are matched by the `named` columns, or by the newer version's key, or by what its query groups by, or by columns
 * that are found to be unique. Fails with usage where a named column is not on both sides, or where they are not unique.
 * Files that both versions have are not read: their rows are the same.
 */
export async function compareVersions(
  { lake, engine }: Services,
  from: VersionName,
  to: VersionName,
  control: TaskControl,
  named: readonly string[] = [],
): Promise<VersionDiff> {
  const lease = lake.leases.open(
    lake.versionFolder(from.dataset, from.version),
    lake.versionFolder(to.dataset, to.version),
  );
  return whileLeased(lease, async () => {
    const before = await lake.manifest(from.dataset, from.version);
    const after = await lake.manifest(to.dataset, to.version);
    const sides = withoutShared(lake, before, after);
    const key = named.map((name) => sharedColumn(name, before, after));
    const keys = key.length > 0 ? [{ columns: key, from: "key" } as const] : await keysOf(engine, after);
    const diff = await engine.diff({ ...sides, keys, maxCharacters: SHOWN_CHARACTERS }, control);
    if (key.length > 0 && diff.keyFrom !== "key")
      throw new AppError("usage", `"${key.join(", ")}" is no key: several rows of one side have the same.`, {
        hint: "Name further columns, or none: then one is looked for.",
      });
    return {
      ...diff,
      rowsBefore: before.rows,
      rowsAfter: after.rows,
      isSame: before.contentHash === after.contentHash,
    };
  });
}

function sharedColumn(name: string, before: Manifest, after: Manifest): string {
  const find = ({ columns }: Manifest): string | undefined =>
    columns.find((column) => foldCase(column.name) === foldCase(name))?.name;
  const found = find(after);
  if (found !== undefined && find(before) !== undefined) return found;
  const near = suggest(
    name,
    after.columns.map((column) => column.name),
  );
  const others = `Its columns are ${after.columns.map((column) => column.name).join(", ")}.`;
  throw new AppError("usage", `Column "${name}" is not on both sides of "${after.dataset}".`, {
    hint: near === undefined || near === found ? others : `Did you mean "${near}"?`,
  });
}

/** Without the files that both have, but for one where a side would have none. */
function withoutShared(
  lake: Lake,
  before: Manifest,
  after: Manifest,
): { readonly before: DiffSide; readonly after: DiffSide } {
  const [old, now] = [parquetOf(before), parquetOf(after)];
  const hasSameColumns =
    JSON.stringify(before.columns.map(({ name, type }) => [name, type])) ===
    JSON.stringify(after.columns.map(({ name, type }) => [name, type]));
  const shared = hasSameColumns ? intersect(old, now) : new Set<string>();
  const rest = (files: readonly ManifestFile[]): readonly ManifestFile[] =>
    files.filter(({ sha256 }) => !shared.has(sha256));
  if (rest(old).length === 0 || rest(now).length === 0) {
    const smallest = [...old].filter(({ sha256 }) => shared.has(sha256)).sort((a, b) => a.rows - b.rows)[0];
    if (smallest !== undefined) shared.delete(smallest.sha256);
  }
  return { before: sideOf(lake, before, rest(old)), after: sideOf(lake, after, rest(now)) };
}

function parquetOf({ files }: Manifest): readonly ManifestFile[] {
  return files.filter(({ format }) => format === "parquet");
}

/** Content that each side has in exactly one file. */
function intersect(old: readonly ManifestFile[], now: readonly ManifestFile[]): Set<string> {
  const once = (files: readonly ManifestFile[]): Set<string> => {
    const seen = new Map<string, number>();
    for (const { sha256 } of files) seen.set(sha256, (seen.get(sha256) ?? 0) + 1);
    return new Set([...seen].filter(([, count]) => count === 1).map(([sha256]) => sha256));
  };
  const other = once(now);
  return new Set([...once(old)].filter((sha256) => other.has(sha256)));
}

function sideOf(lake: Lake, manifest: Manifest, files: readonly ManifestFile[]): DiffSide {
  const folder = lake.versionFolder(manifest.dataset, manifest.version);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return { ...filesIn(folder, { ...manifest, files: [...files] }), rows };
}

/** A query that groups has one row of each group: what it shows of that is a key, if it turns out unique. */
async function keysOf(engine: Engine, { key, sql }: Manifest): Promise<KeyGuess[]> {
  if (key.length > 0) return [{ columns: key, from: "key" }];
  const [analysis] = await engine.analyze([sql]);
  const columns = analysis?.ok === true ? analysis.facts.groupedBy : [];
  return columns.length === 0 ? [] : [{ columns, from: "group by" }];
}
