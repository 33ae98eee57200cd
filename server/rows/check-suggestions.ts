import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { AppError, isAppError } from "../base/errors.js";
import type { TaskControl } from "../engine/engine.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import type { SqlCell } from "../notebook/notebook.js";
import { reachableFrom } from "../graph/topology.js";
import { today } from "../runs/interval.js";
import type { ColumnProfile, Profile, ProfileCache } from "./profile.js";
import { hasFewValues, MAX_VALUES, suggestChecks, type CheckSuggestion } from "./suggest-checks.js";
import {
  useCellRows,
  type RowsOfRun,
  type RowsRequest,
  type RowsServices,
  type StoredRows,
} from "./stored-rows.js";

export interface CheckSuggestions {
  readonly rows: number;
  readonly suggestions: readonly CheckSuggestion[];
}

type SuggestionServices = RowsServices & { readonly profiles: ProfileCache };

/** More rows than that are not joined to find out. */
const MAX_JOINED_ROWS = 1_000_000;
const MAX_JOINS = 10;
const TIMEOUT_MS = 30_000;

/**
 * Checks that hold of the newest rows of a SQL cell, and that it does not have. Fails with code not-found where the cell
 * is none, or has no rows.
 */
export async function findCheckSuggestions(
  services: SuggestionServices,
  analyzed: AnalyzedNotebook,
  request: RowsRequest,
  signal: AbortSignal,
): Promise<CheckSuggestions> {
  const cell = analyzed.notebook.cells.find(({ name }) => name === request.cell);
  if (cell?.kind !== "sql")
    throw new AppError("not-found", `Notebook "${request.notebook}" has no SQL cell "${request.cell}".`);
  const control = { label: cell.name, signal, timeoutMs: TIMEOUT_MS };
  return useCellRows(services, request, async (stored) => {
    const profile = await services.profiles.get(stored, { offset: 0 }, signal);
    const values = await fewValues(services, stored, profile, control);
    const targets = await findTargets(services, analyzed, { cell, stored, profile }, control);
    const suggestions = suggestChecks(cell.options, profile, { values, targets, today: today() });
    return { rows: stored.rows, suggestions };
  });
}

/** All values of columns of which the profile has the most frequent ones only. */
async function fewValues(
  { engine }: SuggestionServices,
  stored: StoredRows,
  { columns: profiles, isApproximate }: Profile,
  control: TaskControl,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = new Set(
    profiles
      .filter((column) => hasFewValues(column) && column.top.length !== column.distinct)
      .map(({ name }) => name),
  );
  const columns = stored.columns.filter(({ name }) => wanted.has(name));
  if (columns.length === 0 || isApproximate) return new Map();
  const task = { rows: stored.rows, isApproximate, maxCharacters: 1000, topValues: MAX_VALUES };
  const found = await engine.profile({ ...task, table: { ...stored, columns } }, control);
  return new Map(columns.map(({ name }, index) => [name, found[index]?.top.map(({ value }) => value) ?? []]));
}

interface Source {
  readonly cell: SqlCell;
  readonly stored: RowsOfRun;
  readonly profile: Profile;
}

/** Keys of other cells that are called as a column, and have all of its values. */
async function findTargets(
  services: SuggestionServices,
  { notebook, graph }: AnalyzedNotebook,
  { cell, stored, profile }: Source,
  control: TaskControl,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (stored.rows > MAX_JOINED_ROWS) return found;
  // What is made of the cell has no other values, and two keys that are equal refer to nothing.
  const below = reachableFrom([cell.name], graph.children);
  const own = new Set(cell.options.key.length === 1 ? cell.options.key : []);
  const candidates = notebook.cells.flatMap((other) => {
    const [key, more] = other.kind === "sql" ? other.options.key : [];
    if (other === cell || below.has(other.name) || key === undefined || more !== undefined) return [];
    const columns = profile.columns.filter((column) => !own.has(column.name) && isCalled(column, key));
    return columns.map((column) => ({ other: other.name, key, column }));
  });
  for (const { other, key, column } of candidates.slice(0, MAX_JOINS)) {
    if (found.has(column.name)) continue;
    const asked = { notebook: notebook.name, cell: other };
    const hasAll = await useCellRows(services, asked, (target) =>
      containsAll(services, { rows: stored, column: column.name }, { rows: target, column: key }, control),
    ).catch((error: unknown) => {
      if (isAppError(error) && error.code !== "cancelled") return false;
      throw error;
    });
    if (hasAll) found.set(column.name, `${other}.${key}`);
  }
  return found;
}

/** `order_id` and `orderId` mean the same. */
function isCalled({ name, distinct = 0 }: ColumnProfile, key: string): boolean {
  const fold = (text: string): string => text.toLowerCase().replaceAll("_", "");
  return distinct > 0 && fold(name) === fold(key);
}

interface StoredColumnOf {
  readonly rows: StoredRows;
  readonly column: string;
}

async function containsAll(
  { engine, manager }: SuggestionServices,
  from: StoredColumnOf,
  to: StoredColumnOf,
  control: TaskControl,
): Promise<boolean> {
  if (to.rows.rows > MAX_JOINED_ROWS) return false;
  const spec: CheckSpec = {
    name: "suggested",
    rule: { kind: "relationships", column: from.column, toCell: "target", toColumn: to.column },
    severity: "error",
    max: 0,
    conditions: [],
    span: { start: 0, end: 0 },
  };
  const relation = (name: string, { files, columns }: StoredRows) =>
    ({ type: "files", name, files, columns }) as const;
  const relations = [relation("source", from.rows), relation("target", to.rows)];
  const scope = { root: manager.services.workspace.root, readable: [], relations, parameters: [] };
  const checks = [{ type: "rule", name: spec.name, on: "source", spec } as const];
  const folder = await mkdtemp(join(tmpdir(), "lakebook-suggest-"));
  try {
    const [finding] = await engine.check({ scope, checks, folder, maxRows: 1 }, control);
    return finding?.failures === 0 && finding.error === undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
