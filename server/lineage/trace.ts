import { foldCase } from "../text/sql-names.js";
import type { LineageGraph, LineageNode, NodeColumn, Uses } from "./lineage-graph.js";

/**
 * `value`: values are computed from it. `rows`: it only decides which rows there are. `unknown`: what stands between cannot
 * be told, so it may be either, or nothing.
 */
export type Role = "value" | "rows" | "unknown";

export interface TracedColumn {
  readonly node: string;
  /** Absent: the rows of the node, or all that it has. */
  readonly column?: string;
  readonly role: Role;
}

export interface Unknown {
  readonly node: string;
  readonly column?: string;
  readonly reason: string;
}

export interface Trace {
  /** Nearest first; of a column that is reached in several ways, the strongest role. */
  readonly columns: readonly TracedColumn[];
  readonly unknown: readonly Unknown[];
}

const strength: Readonly<Record<Role, number>> = { value: 2, rows: 1, unknown: 0 };

/** From what a column is computed, through all nodes. */
export function traceBack(graph: LineageGraph, start: NodeColumn): Trace {
  const walk = new Walk();
  const visitUses = (uses: Uses, role: Role, of: Omit<Unknown, "reason">): void => {
    if (uses.unknown !== undefined) walk.tell({ ...of, reason: uses.unknown });
    for (const { node, column } of uses.columns) walk.add({ node, column, role });
  };
  const doubt = ({ id, reads }: LineageNode, reason: string): void => {
    walk.tell({ node: id, reason });
    for (const read of reads) walk.add({ node: read, role: "unknown" });
  };
  const visitRows = (node: LineageNode): void => {
    if (!walk.isFirst(node.id)) return;
    if (node.unknown !== undefined) {
      doubt(node, node.unknown);
      return;
    }
    visitUses(node.rows, "rows", { node: node.id });
    for (const id of node.reads) {
      const read = graph.get(id);
      if (read !== undefined) visitRows(read);
    }
  };
  const visit = ({ node: id, column, role }: TracedColumn): void => {
    const node = graph.get(id);
    if (node === undefined) return;
    visitRows(node);
    if (node.unknown !== undefined) return;
    const output = column === undefined ? undefined : findOutput(node, column);
    if (output !== undefined) visitUses(output, role, { node: id, column: output.name });
    // All of it may count.
    else if (column === undefined && role === "unknown")
      for (const read of node.reads) walk.add({ node: read, role });
  };
  visit({ ...start, role: "value" });
  walk.run(visit);
  return walk.trace();
}

/** What is computed from a column, or looks at it, through all nodes. */
export function traceForward(graph: LineageGraph, start: NodeColumn): Trace {
  const readers = readersOf(graph);
  const walk = new Walk();
  const visit = (from: TracedColumn): void => {
    for (const reader of readers.get(from.node) ?? []) visitReader(walk, reader, from);
  };
  visit({ ...start, role: "value" });
  walk.run(visit);
  return walk.trace();
}

function visitReader(walk: Walk, reader: LineageNode, { node, column, role }: TracedColumn): void {
  if (reader.unknown !== undefined) {
    walk.tell({ node: reader.id, reason: reader.unknown });
    walk.add({ node: reader.id, role: "unknown" });
    return;
  }
  if (column === undefined) {
    // The rows of what it reads are those of its own.
    walk.add({ node: reader.id, role });
    return;
  }
  const isUsed = (uses: Uses): boolean =>
    uses.columns.some((each) => each.node === node && isNamed(each.column, column));
  for (const output of reader.columns)
    if (isUsed(output)) walk.add({ node: reader.id, column: output.name, role });
  if (isUsed(reader.uses)) walk.add({ node: reader.id, role });
  if (isUsed(reader.rows)) walk.add({ node: reader.id, role: role === "unknown" ? role : "rows" });
  const doubts = [reader.uses, reader.rows, ...reader.columns].flatMap((uses) => uses.unknown ?? []);
  if (doubts[0] !== undefined) {
    walk.tell({ node: reader.id, reason: doubts[0] });
    walk.add({ node: reader.id, role: "unknown" });
  }
}

class Walk {
  readonly #found = new Map<string, TracedColumn>();
  readonly #unknown = new Map<string, Unknown>();
  readonly #seen = new Set<string>();
  #waiting: TracedColumn[] = [];

  isFirst(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  tell(unknown: Unknown): void {
    this.#unknown.set(JSON.stringify([unknown.node, unknown.column]), unknown);
  }

  add(column: TracedColumn): void {
    const key = JSON.stringify([column.node, column.column]);
    const known = this.#found.get(key);
    if (known !== undefined && strength[known.role] >= strength[column.role]) return;
    this.#found.set(key, column);
    this.#waiting.push(column);
  }

  run(visit: (column: TracedColumn) => void): void {
    while (this.#waiting.length > 0) {
      const wave = this.#waiting;
      this.#waiting = [];
      for (const column of wave) visit(column);
    }
  }

  trace(): Trace {
    return { columns: [...this.#found.values()], unknown: [...this.#unknown.values()] };
  }
}

function readersOf(graph: LineageGraph): ReadonlyMap<string, readonly LineageNode[]> {
  const readers = new Map<string, LineageNode[]>();
  for (const node of graph.values())
    for (const id of new Set(node.reads)) {
      const list = readers.get(id);
      if (list === undefined) readers.set(id, [node]);
      else list.push(node);
    }
  return readers;
}

export function findOutput(node: LineageNode, column: string): LineageNode["columns"][number] | undefined {
  return node.columns.find(({ name }) => isNamed(name, column));
}

function isNamed(name: string, other: string): boolean {
  return foldCase(name) === foldCase(other);
}
