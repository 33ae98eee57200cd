import type { Cumulative } from "../lake/model.js";
import type { KeySources } from "./key-sources.js";
import type { RowSource } from "./row-source.js";

/** It counts as a full rebuild where more than this share of a dataset's partitions is written again. */
export const MAX_TOUCHED = 0.6;

/** The rows of that are computed again where more than this share of them may change; else, the others are copied. */
const MAX_CHANGED = 0.2;

/** Why the first one is computed as a whole. */
export const FIRST_DATE = "the first run date";

/** What is known of a cumulative dataset before it is computed. */
export interface CumulativeState {
  readonly option: "by_partition" | "by_key";
  readonly logic: string;
  readonly files: Cumulative["files"];
  /** The same by the path or pattern as the SQL writes it. */
  readonly patterns: ReadonlyMap<string, readonly Pick<Cumulative["files"][number], "path" | "sha256">[]>;
  readonly sources: string;
  /** Each relation that it reads, and what stands for its rows. */
  readonly contents: ReadonlyMap<string, string>;
  readonly rows: RowSource | undefined;
  readonly keys: KeySources | undefined;
  /** Why no part of it can be computed, whatever changed. */
  readonly obstacle?: string | undefined;
}

/** What the run date before had published. */
export interface CumulativeBase {
  readonly cumulative: Cumulative;
  readonly contents: ReadonlyMap<string, string>;
  /** In words, what its logic differs by. */
  readonly changes: readonly string[];
}

export type Way =
  | { readonly type: "full"; readonly reason: string }
  /** Rows of new files are added, each to its partition. */
  | { readonly type: "append" }
  /** Rows of new files replace those of their keys. */
  | { readonly type: "upsert" }
  /** Partitions are computed again that changed rows of the one relation fall into. */
  | { readonly type: "partitions"; readonly relation: string }
  /** Keys are computed again that changed rows have. */
  | { readonly type: "keys"; readonly relations: readonly string[]; readonly files: readonly string[] };

/**
 * How a cumulative dataset is computed in the end: `way`, unless its run date stands on a delivery that was replaced.
 * `restated`: that, in words. A forecast and a run both ask here.
 */
export function finalWay(way: Way, restated: string | undefined): Way {
  return way.type === "full" || restated === undefined ? way : full(restated);
}

/** As little of a cumulative dataset as can be told to be enough. A forecast and a run both ask here. */
export function chooseWay(now: CumulativeState, base: CumulativeBase | string, isForced: boolean): Way {
  if (isForced) return full("forced");
  if (typeof base === "string") return full(base);
  if (now.obstacle !== undefined) return full(now.obstacle);
  if (now.logic !== base.cumulative.logic) return full(base.changes.join(", ") || "its options changed");
  const replaced = replacedDelivery(base.cumulative.files, now.files);
  if (replaced !== undefined) return full(`the delivery of ${replaced} was replaced`);
  if (now.sources !== base.cumulative.sources) return full("the columns of its files changed");
  const changed = [...now.contents].flatMap(([name, content]) =>
    (base.contents.get(name) ?? base.contents.get(bareName(name))) === content ? [] : [name],
  );
  if (now.option === "by_partition") return partitionWay(now, changed);
  if (now.rows?.type === "files") return { type: "upsert" };
  return keyWay(now, changed, newPatterns(now, base.cumulative));
}

/**
 * Whether only what changed is computed, even where most partitions are written again. `changed`: keys of changed rows,
 * or rows that come, of so many in all. A partition that is computed again is so as a whole.
 */
export function isPartEnough({ type }: Way, changed: number, rows: number): boolean {
  return type !== "full" && type !== "partitions" && changed <= MAX_CHANGED * rows;
}

/** What will be computed, in words; nothing for a first run date, of which there is no part. */
export function describeWay(way: Way): string {
  switch (way.type) {
    case "full":
      return way.reason === FIRST_DATE ? "" : `whole rebuild: ${way.reason}`;
    case "append":
      return "only the partitions that new rows touch";
    case "upsert":
      return "only the keys of new rows";
    case "partitions":
      return `only the partitions that changed rows of \`${way.relation}\` touch`;
    case "keys":
      return "only the keys of changed rows";
  }
}

function partitionWay({ rows }: CumulativeState, changed: readonly string[]): Way {
  if (rows === undefined) return full("its rows do not come one by one from one file or cell");
  if (rows.type === "files") return { type: "append" };
  const other = changed.find((name) => name !== rows.name);
  if (other !== undefined) return full(`\`${other}\` changed`);
  return { type: "partitions", relation: rows.name };
}

function keyWay({ keys }: CumulativeState, changed: readonly string[], newFiles: readonly string[]): Way {
  if (keys === undefined) return full("its SQL does not tell which keys a row touches");
  const other = [...changed, ...newFiles].find((name) => !keys.columns.has(name));
  if (other !== undefined) return full(`\`${other}\` changed, which is not joined by the key`);
  return { type: "keys", relations: changed, files: newFiles };
}

/** Paths and patterns that stand for more than before. */
function newPatterns({ patterns }: CumulativeState, { files }: Cumulative): string[] {
  const known = new Set(files.map(({ path, sha256 }) => `${sha256} ${path}`));
  return [...patterns].flatMap(([pattern, found]) =>
    found.every(({ path, sha256 }) => known.has(`${sha256} ${path}`)) ? [] : [pattern],
  );
}

/** The date of the first content that is no longer what it was. */
function replacedDelivery(before: Cumulative["files"], now: Cumulative["files"]): string | undefined {
  const at = before.findIndex(
    ({ path, sha256, date }, index) =>
      now[index]?.path !== path || now[index].sha256 !== sha256 || now[index].date !== date,
  );
  return at === -1 ? undefined : before[at]?.date;
}

/** Of a dataset of the lake, only its name is known from before. */
function bareName(relation: string): string {
  return relation.slice(relation.lastIndexOf(".") + 1);
}

function full(reason: string): Way {
  return { type: "full", reason };
}
