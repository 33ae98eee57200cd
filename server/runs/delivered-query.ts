import { AppError } from "../base/errors.js";
import type { QueryPart } from "../engine/increment.js";
import type { DeliveredFiles } from "../engine/verbs.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { deliveredPath, type DeliveredFile } from "../incremental/deliveries.js";
import type { Manifest } from "../lake/model.js";
import type { SqlCell } from "../notebook/notebook.js";
import { withoutOwnSchemas } from "./query-scope.js";
import type { RunContext } from "./run-context.js";

interface CellNode {
  readonly cell: SqlCell;
  readonly node: GraphNode;
}

/** What the paths of a node's own query stand for, in the order of the deliveries. */
export function deliveredOf({ inputs }: RunContext, { facts }: GraphNode): DeliveredFile[] {
  const files = (facts?.files ?? []).flatMap(({ path }) => inputs.delivered.get(path) ?? []);
  const unique = new Map(files.map((file) => [`${file.input.sha256} ${file.input.path}`, file]));
  return [...unique.values()].sort((a, b) =>
    a.date === b.date ? (a.input.path < b.input.path ? -1 : 1) : a.date < b.date ? -1 : 1,
  );
}

/** What the engine has to name in the place of each path; `only`: those of which the rows are wanted. */
export function namesOf(
  { inputs }: RunContext,
  { facts }: GraphNode,
  only: (file: DeliveredFile) => boolean,
  isUniform = false,
): DeliveredFiles[] {
  return (facts?.files ?? []).map((reference) => {
    const all = inputs.delivered.get(reference.path) ?? [];
    return {
      reference,
      all: all.map(deliveredPath),
      only: all.filter(only).map(deliveredPath),
      isUniform,
    };
  });
}

/** One query for each delivery that brought one of the files, oldest first. */
export function partsOf(
  context: RunContext,
  { cell, node }: CellNode,
  isWanted: (file: DeliveredFile) => boolean,
): QueryPart[] {
  const { allowedLatenessMs } = cell.options;
  const dates = [
    ...new Set(
      deliveredOf(context, node)
        .filter(isWanted)
        .map(({ date }) => date),
    ),
  ];
  return dates.map((date) => {
    const names = namesOf(context, node, (file) => file.date === date && isWanted(file));
    if (callsOf(names).some((call) => call.every(({ only }) => only.length === 0)))
      throw new AppError(
        "query",
        `"${cell.name}" reads files in several places, of which ${date} did not deliver all.`,
        { hint: "Read them in one place, by a list or a pattern, in a cell that adds deliveries up." },
      );
    const sql = context.engine.nameDelivered(ownSql({ cell, node }), names).text;
    return allowedLatenessMs === undefined ? { sql } : { sql, cutoff: cutoffOf(date, allowedLatenessMs) };
  });
}

/** By the reader that is called. */
function callsOf(names: readonly DeliveredFiles[]): readonly (readonly DeliveredFiles[])[] {
  const calls = new Map<string, DeliveredFiles[]>();
  for (const name of names) {
    const { start } = name.reference.call ?? name.reference.span;
    calls.set(String(start), [...(calls.get(String(start)) ?? []), name]);
  }
  return [...calls.values()];
}

/**
 * The rows of deliveries in one query, where a cell's rows come one by one from files; undefined where none of the
 * deliveries brought one.
 */
export function deliveredSql(
  context: RunContext,
  { cell, node }: CellNode,
  isWanted: (file: DeliveredFile) => boolean,
): string | undefined {
  const { incremental, key, eventTime, allowedLatenessMs } = cell.options;
  const parts = partsOf(context, { cell, node }, isWanted);
  if (parts.length === 0) return undefined;
  return context.engine.partsSql({
    parts,
    upsertBy: incremental?.mode === "by_partition" ? [] : key,
    ...(allowedLatenessMs === undefined ? {} : { eventTime }),
  });
}

/** Which files a version does not stand on. */
export function isNewSince({ cumulative }: Manifest): (file: DeliveredFile) => boolean {
  const known = new Set(cumulative?.files.map(({ path, sha256 }) => `${sha256} ${path}`));
  return ({ input }) => !known.has(`${input.sha256} ${input.path}`);
}

export function ownSql({ cell, node }: CellNode): string {
  return withoutOwnSchemas(cell.sql, node.facts);
}

/** The first instant that is not too late for a delivery, as SQL writes it in UTC. */
function cutoffOf(date: string, latenessMs: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - latenessMs).toISOString().slice(0, 19).replace("T", " ");
}
