import { isAppError, AppError } from "../base/errors.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { hashOf } from "../base/hash.js";
import type { BindItem, BindResult, Engine, QueryScope } from "../engine/engine.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { Stamp } from "../lake/input-file.js";

/** What all cells of a notebook see beside one another. */
export interface Surroundings {
  readonly scope: QueryScope;
  /** Of the files that they read. */
  readonly stamps: ReadonlyMap<string, Stamp>;
}

export interface BoundCells {
  readonly results: readonly BindResult[];
  /** False where a cell was given up, which may go well the next time. */
  readonly isWhole: boolean;
}

export const BIND_TIMEOUT_MS = 15_000;
/** For all cells together, where they are bound one by one. */
const ONE_BY_ONE_MS = 30_000;

const MAX_KNOWN = 10_000;
const MAX_KEY_CHARACTERS = 64 * MAX_KNOWN;

/** By what a cell is and sees, what binding it came to. A failure may be one of the moment, and is not known. */
type Known = BoundedCache<BindResult>;
const knownOf = new WeakMap<Engine, Known>();

/**
 * Binds what is not known yet, together with what it reads. A query can take the planner minutes, and a file that it
 * looks into can end its process. Then the cells are bound one by one, so that the cell that does it gets the blame and
 * the notebook stays usable.
 */
export async function bindCells(
  engine: Engine,
  surroundings: Surroundings,
  items: readonly BindItem[],
  analyzed: AnalyzedNotebook,
): Promise<BoundCells> {
  const { scope } = surroundings;
  const known = knownCells(engine);
  const keys = keysOf(surroundings, items, analyzed);
  const found = new Map(items.map(({ name }) => [name, known.get(keys.get(name) ?? "")]));
  const open = withAncestors(
    items.filter(({ name }) => found.get(name) === undefined),
    items,
    analyzed.graph,
  );
  const control = { label: analyzed.notebook.name, timeoutMs: BIND_TIMEOUT_MS };
  try {
    for (const result of open.length === 0 ? [] : await engine.bind(scope, open, control)) {
      found.set(result.name, result);
      if (result.ok) known.set(keys.get(result.name) ?? "", result);
    }
  } catch (error) {
    if (!isAppError(error) || error.code === "cancelled") throw error;
    return { results: await bindOneByOne(engine, scope, items, analyzed), isWhole: false };
  }
  return { results: items.flatMap(({ name }) => found.get(name) ?? []), isWhole: true };
}

function knownCells(engine: Engine): Known {
  const known = knownOf.get(engine) ?? new BoundedCache(MAX_KNOWN, MAX_KEY_CHARACTERS);
  knownOf.set(engine, known);
  return known;
}

/** By name: a hash of the cell, of all that every cell sees, and of the keys of what it reads. Parents come first. */
function keysOf(
  { scope, stamps }: Surroundings,
  items: readonly BindItem[],
  { graph }: AnalyzedNotebook,
): ReadonlyMap<string, string> {
  const seen = hashOf([scope, [...stamps].sort(([a], [b]) => (a < b ? -1 : 1))]);
  const keys = new Map<string, string>();
  for (const item of items) {
    const parents = (graph.parents.get(item.name) ?? []).map((name) => [name, keys.get(name) ?? null]);
    keys.set(item.name, hashOf([seen, item, parents]));
  }
  return keys;
}

/** In the order of `items`. */
export function withAncestors(
  some: readonly BindItem[],
  items: readonly BindItem[],
  graph: AnalyzedNotebook["graph"],
): readonly BindItem[] {
  const wanted = new Set(some.map(({ name }) => name));
  for (const name of wanted) for (const parent of graph.parents.get(name) ?? []) wanted.add(parent);
  return items.filter(({ name }) => wanted.has(name));
}

/** What is not bound when the time for all of them is over, is left, and the first of these says so. */
async function bindOneByOne(
  engine: Engine,
  scope: QueryScope,
  items: readonly BindItem[],
  { graph }: AnalyzedNotebook,
): Promise<readonly BindResult[]> {
  const results: BindResult[] = [];
  const names = new Set(items.map(({ name }) => name));
  const bound = new Map<string, readonly BindItem[]>();
  const deadline = performance.now() + ONE_BY_ONE_MS;
  for (const [index, item] of items.entries()) {
    const parents = (graph.parents.get(item.name) ?? []).filter((name) => names.has(name));
    if (parents.some((name) => !bound.has(name))) continue;
    const left = deadline - performance.now();
    if (left <= 0) {
      results.push(failed(item, notBound(items.length - index)));
      return results;
    }
    const needed = [...new Set(parents.flatMap((name) => bound.get(name) ?? []))];
    const all = [...needed, item];
    try {
      const timeoutMs = Math.min(BIND_TIMEOUT_MS, Math.ceil(left));
      const [result] = (await engine.bind(scope, all, { label: item.name, timeoutMs })).slice(needed.length);
      if (result !== undefined) results.push(result);
      if (result?.ok === true) bound.set(item.name, all);
    } catch (error) {
      if (!isAppError(error) || error.code === "cancelled") throw error;
      results.push(failed(item, error));
    }
  }
  return results;
}

function notBound(count: number): AppError {
  const message = `${String(count)} cell${count === 1 ? " is" : "s are"} not checked: the notebook takes longer than ${String(ONE_BY_ONE_MS / 1000)} seconds`;
  return new AppError("query", message, {
    hint: "Mend what is said of the cells above, or split the notebook.",
  });
}

function failed(item: BindItem, { code, message, hint }: AppError): BindResult {
  const problem = { code, message: `${message}.`, span: { start: 0, end: item.sql.length } };
  return { name: item.name, ok: false, problems: [hint === undefined ? problem : { ...problem, hint }] };
}
