import { join } from "node:path";
import { withKind } from "../engine/type-names.js";
import type { QueryScope } from "../engine/scope.js";
import type { StoredTable } from "../engine/verbs.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest } from "../lake/model.js";
import type { Placement } from "../lake/state.js";
import type { Results } from "./query-scope.js";
import type { RunContext } from "./run-context.js";
import { usableManifest } from "./why-computed.js";

/** What the notebook published of a dataset for the run date before. */
export function publishedBefore({ lake, record }: RunContext, dataset: string): Placement | undefined {
  return lake.state
    .placementsOf(dataset)
    .findLast(({ runDate, notebook }) => runDate < record.date && notebook === record.notebook);
}

/** The version of what a query names, as this run reads it; undefined of what is no dataset. */
export function versionOf(
  { record }: Pick<RunContext, "record">,
  results: Results,
  relation: string,
): string | undefined {
  const result = results.get(relation);
  if (relation !== bareName(relation)) return record.lakeVersions[relation];
  return result?.type === "files" ? result.version : undefined;
}

/** Of a relation, what a dataset was computed from before and what it would be now; in words why one is not there. */
export async function versionsOf(
  context: RunContext,
  results: Results,
  before: Manifest,
  relation: string,
): Promise<readonly [Manifest, Manifest] | string> {
  const version = versionOf(context, results, relation);
  const was = await versionBefore(context, before, relation);
  if (version === undefined) return notRead(relation);
  return typeof was === "string" ? was : [was, await context.lake.manifest(bareName(relation), version)];
}

/** Of a relation, what a dataset was computed from before. */
export async function versionBefore(
  { lake, lease }: RunContext,
  before: Manifest,
  relation: string,
): Promise<Manifest | string> {
  const bare = bareName(relation);
  const old = before.parents.find(({ dataset }) => dataset === bare);
  if (old === undefined) return notRead(relation);
  if (lake.state.store(bare, old.version) === undefined)
    return `the version of \`${relation}\` that it was computed from was removed`;
  lease.hold(lake.versionFolder(bare, old.version));
  const was = await usableManifest(lake, bare, old.version);
  return was ?? `the version of \`${relation}\` that it was computed from is damaged`;
}

function notRead(relation: string): string {
  return `\`${relation}\` was not read before`;
}

/** Of two versions, the files that only the one has. */
export function differingTables(
  lake: Lake,
  was: Manifest,
  is: Manifest,
): { readonly old: StoredTable; readonly now: StoredTable } {
  const hashes = new Map(was.files.map(({ path, sha256 }) => [path, sha256]));
  const shared = new Set(is.files.flatMap(({ path, sha256 }) => (hashes.get(path) === sha256 ? [path] : [])));
  const isOwn = ({ path }: Manifest["files"][number]): boolean => !shared.has(path);
  return { old: tableOf(lake, was, was.files.filter(isOwn)), now: tableOf(lake, is, is.files.filter(isOwn)) };
}

/** Rows of a version, or of some of its files. */
export function tableOf(lake: Lake, manifest: Manifest, files = manifest.files): StoredTable {
  const folder = lake.versionFolder(manifest.dataset, manifest.version);
  const stored = files.filter(({ format, rows }) => format === "parquet" && rows > 0);
  const any =
    stored.length > 0 || files.length < manifest.files.length
      ? stored
      : files.filter(({ format }) => format === "parquet");
  return { files: any.map(({ path }) => join(folder, path)), columns: manifest.columns.map(withKind) };
}

export function hasSameColumns(a: StoredTable["columns"], b: StoredTable["columns"]): boolean {
  const stored = (columns: StoredTable["columns"]): unknown =>
    columns.map(({ name, type, read }) => [name, type, read ?? ""]);
  return JSON.stringify(stored(a)) === JSON.stringify(stored(b));
}

/** With a query in the place of a relation's rows. */
export function withQuery(
  scope: QueryScope,
  relation: string,
  sql: string,
  parameters: QueryScope["parameters"],
): QueryScope {
  const relations = scope.relations.map((other) =>
    other.type === "files" && other.name === relation && other.schema === undefined
      ? ({ type: "query", name: relation, sql } as const)
      : other,
  );
  const known = new Set(scope.parameters.map(({ definition }) => definition.name));
  const added = parameters.filter(({ definition }) => !known.has(definition.name));
  return { ...scope, relations, parameters: [...scope.parameters, ...added] };
}

/** Of a dataset of the lake, `2026-10-01.orders` is called `orders`. */
export function bareName(relation: string): string {
  return relation.slice(relation.lastIndexOf(".") + 1);
}
