import { BIND_TIMEOUT_MS } from "../bind-cells.js";
import { findProblems, type ProblemServices } from "../find-problems.js";
import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { isAppError } from "../../base/errors.js";
import type { Column, TaskControl } from "../../engine/engine.js";
import type {
  LineageFile,
  LineageItem,
  LineageRelation,
  Origin,
  QueryLineage,
} from "../../engine/lineage.js";
import { withKind } from "../../engine/type-names.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import {
  cellNode,
  NO_USES,
  type LineageNode,
  type NodeColumn,
  type Uses,
} from "../../lineage/lineage-graph.js";
import { namedColumns, type CheckSpec } from "../../notebook/check-spec.js";
import { checksOf, queryOf } from "../../notebook/kinds/kinds.js";
import { isDataset, type ChartCell } from "../../notebook/notebook.js";
import { isSystemSchema, systemRelationShape } from "../../runs/system-relations.js";
import { virtualColumn } from "../../runs/virtual-columns.js";
import { chartColumns, otherColumns, together, withAside } from "./lineage-items.js";
import { addedByReader } from "./reader-columns.js";

const ALONE_MS = 5_000;
/** For all queries together, where they are asked one by one. */
const ONE_BY_ONE_MS = 20_000;

/** Of a dataset of the lake, before it is known which notebook makes it. */
export function lakeNode(dataset: string): string {
  return `lake:${dataset}`;
}

/** Nothing has to be looked at again while neither the notebook nor what it reads has changed: then its columns are the same. */
const known = new WeakMap<ReadonlyMap<string, readonly Column[]>, Promise<readonly LineageNode[]>>();

/** What each cell of a notebook computes its columns from; datasets of the lake are `lakeNode`s. */
export async function notebookLineage(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
): Promise<readonly LineageNode[]> {
  const { columns, diagnostics } = await findProblems(services, analyzed);
  const before = known.get(columns);
  if (before !== undefined) return before;
  const wrong = diagnostics.flatMap(({ severity, cell }) => (severity === "error" ? [cell] : []));
  const found = new NotebookReader(services, analyzed, columns, new Set(wrong)).read();
  known.set(columns, found);
  found.catch(() => known.delete(columns));
  return found;
}

interface Asked {
  readonly node: string;
  readonly item: LineageItem;
}

class NotebookReader {
  readonly #services: ProblemServices;
  readonly #analyzed: AnalyzedNotebook;
  readonly #columns: ReadonlyMap<string, readonly Column[]>;
  /** Names of cells that have an error. */
  readonly #wrong: ReadonlySet<string | undefined>;
  readonly #relations = new Map<string, LineageRelation>();
  /** A file and a column that its reader adds. */
  readonly #added = new Set<string>();
  readonly #others = new Map<string, LineageNode>();
  readonly #asked: Asked[] = [];

  constructor(
    services: ProblemServices,
    analyzed: AnalyzedNotebook,
    columns: ReadonlyMap<string, readonly Column[]>,
    wrong: ReadonlySet<string | undefined>,
  ) {
    this.#services = services;
    this.#analyzed = analyzed;
    this.#columns = columns;
    this.#wrong = wrong;
  }

  async read(): Promise<readonly LineageNode[]> {
    const { graph } = this.#analyzed;
    for (const [name, columns] of this.#columns) {
      if (graph.nodes.get(name)?.cell.kind === "sql")
        this.#relations.set(this.#cell(name), { key: this.#cell(name), name, columns });
    }
    const files = await this.#readFiles();
    const reasons = new Map<string, string>();
    for (const [name, node] of graph.nodes) {
      const item = await this.#item(node, files);
      if (typeof item === "string") reasons.set(name, item);
      else if (item !== undefined) this.#asked.push({ node: this.#cell(name), item });
    }
    const conditions = this.#conditions();
    const items = [...this.#asked.map(({ item }) => item), ...conditions.map(({ item }) => item)];
    const answers = await this.#ask(items);
    const ofCells = new Map(this.#asked.map(({ node }, index) => [node, answers[index]]));
    const nodes = [...graph.nodes.values()].flatMap((node) => this.#nodeOf(node, ofCells, reasons) ?? []);
    const checks = this.#checks(
      conditions.map(({ spec }, index) => [spec, answers[this.#asked.length + index]]),
    );
    const filtered = nodes.map((node) => withAside(node, graph.nodes.get(node.name)?.cell, checks));
    return [...this.#others.values(), ...filtered, ...checks];
  }

  /** A query can take the planner minutes, or end its process: then each is asked alone, and the others are known. */
  async #ask(items: readonly LineageItem[]): Promise<readonly QueryLineage[]> {
    if (items.length === 0) return [];
    const { engine } = this.#services;
    const relations = [...this.#relations.values()];
    const label = this.#analyzed.notebook.name;
    try {
      return await engine.lineage({ relations, items }, { label, timeoutMs: BIND_TIMEOUT_MS });
    } catch (error) {
      if (!isAppError(error) || error.code === "cancelled") throw error;
    }
    const deadline = performance.now() + ONE_BY_ONE_MS;
    const answers: QueryLineage[] = [];
    for (const item of items) {
      const timeoutMs = Math.min(ALONE_MS, Math.ceil(deadline - performance.now()));
      const [answer] = timeoutMs <= 0 ? [] : await this.#askAlone(relations, item, { label, timeoutMs });
      answers.push(answer ?? { ok: false, reason: "planning the queries of the notebook takes too long" });
    }
    return answers;
  }

  async #askAlone(
    relations: readonly LineageRelation[],
    item: LineageItem,
    control: TaskControl,
  ): Promise<readonly QueryLineage[]> {
    try {
      return await this.#services.engine.lineage({ relations, items: [item] }, control);
    } catch (error) {
      if (!isAppError(error) || error.code === "cancelled") throw error;
      return [{ ok: false, reason: error.message }];
    }
  }

  #cell(name: string): string {
    return cellNode(this.#analyzed.notebook.name, name);
  }

  /** Of each call that reads files, by its text; what cannot be read is not there. */
  async #readFiles(): Promise<ReadonlyMap<string, readonly Column[]>> {
    const { engine, view } = this.#services;
    const { graph, notebook } = this.#analyzed;
    const calls = new Set<string>();
    for (const { cell, facts } of graph.nodes.values()) {
      const query = queryOf(cell);
      if (query === undefined || !this.#columns.has(cell.name)) continue;
      for (const { sql } of engine.fileCalls(query.sql, facts?.files ?? []) ?? []) calls.add(sql);
    }
    if (calls.size === 0) return new Map();
    const items = [...calls].map((sql, index) => ({ name: `lakebook file ${String(index)}`, sql }));
    const definitions = [...graph.nodes.values()].flatMap((node) => node.parameters);
    const parameters = [...new Map(definitions.map((each) => [each.name, each])).values()].map(
      (definition) => ({ definition, value: definition.defaultValue }),
    );
    const scope = { root: view.root, readable: view.readable, relations: [], parameters };
    const control = { label: notebook.name, timeoutMs: BIND_TIMEOUT_MS };
    const results = await engine.bind(scope, items, control);
    const texts = new Map(items.map(({ name, sql }) => [name, sql]));
    return new Map(
      results.flatMap((result) =>
        result.ok ? [[texts.get(result.name) ?? "", result.columns] as const] : [],
      ),
    );
  }

  /** A text says why its lineage cannot be asked for; undefined: it has no query. */
  async #item(
    { cell, facts, parameters, isBroken }: GraphNode,
    files: ReadonlyMap<string, readonly Column[]>,
  ): Promise<LineageItem | string | undefined> {
    const query = queryOf(cell);
    if (query === undefined) return undefined;
    const columns = this.#columns.get(cell.name);
    if (facts === undefined || isBroken) return "the cell has an error";
    for (const { schema, name } of facts.tables)
      if (schema !== undefined) await this.#addShared(schema, name);
    if (columns === undefined) return this.#whyUnbound(cell.name, facts.isInferred);
    const calls = this.#services.engine.fileCalls(query.sql, facts.files);
    if (calls === undefined) return "where it reads its files cannot be told";
    const read: LineageFile[] = [];
    for (const { reference, paths, sql } of calls) {
      const found = files.get(sql);
      if (found === undefined) return `the columns of ${paths.join(", ")} cannot be told`;
      const key = `file:${paths.join(", ")}`;
      const added = addedByReader(reference, sql);
      for (const name of added) this.#added.add(`${key} ${name}`);
      const own = found.filter(({ name }) => !added.includes(name));
      this.#addOther({ id: key, kind: "file", name: paths.join(", ") }, own);
      read.push({ key, reference, columns: found });
    }
    return { sql: query.sql, files: read, parameters, columns: columns.map(({ name }) => name) };
  }

  #whyUnbound(name: string, isInferred: boolean): string {
    if (isInferred) return "which columns it has is decided by the data: its PIVOT has no IN";
    if (this.#wrong.has(name)) return "the cell has an error";
    const { parents } = this.#analyzed.graph;
    const open = (parents.get(name) ?? []).filter((parent) => !this.#columns.has(parent));
    return open.length === 0
      ? "its columns are not known"
      : `its columns are not known, since those of ${open.join(" and ")} are not`;
  }

  async #addShared(schema: string, name: string): Promise<void> {
    const { engine, lake } = this.#services;
    if (isSystemSchema(schema)) {
      const shape = systemRelationShape(name);
      if (shape?.type !== "rows") return;
      const columns = shape.columns.map((column) => engine.toColumn(column));
      const id = `system:${schema}.${name}`;
      this.#relations.set(id, { key: id, schema, name, columns });
      this.#addOther({ id, kind: "system", name: `${schema}.${name}` }, columns);
      return;
    }
    const found = lake?.find(name, schema);
    if (lake === undefined || found === undefined) return;
    const { columns } = await lake.manifest(name, found.version);
    const id = lakeNode(name);
    this.#relations.set(`${schema}.${name}`, { key: id, schema, name, columns: columns.map(withKind) });
    this.#addOther({ id, kind: "published", name }, columns);
  }

  #addOther(head: Pick<LineageNode, "id" | "kind" | "name">, columns: readonly Pick<Column, "name">[]): void {
    const before = this.#others.get(head.id)?.columns ?? [];
    const added = columns.filter(({ name }) => !before.some((column) => column.name === name));
    this.#others.set(head.id, {
      ...head,
      columns: [...before, ...added.map(({ name }) => ({ name, columns: [] }))],
      uses: NO_USES,
      rows: NO_USES,
      reads: [],
    });
  }

  #nodeOf(
    node: GraphNode,
    answers: ReadonlyMap<string, QueryLineage | undefined>,
    reasons: ReadonlyMap<string, string>,
  ): LineageNode | undefined {
    const { cell } = node;
    if (cell.kind === "test") return undefined;
    const id = this.#cell(cell.name);
    const head = {
      id,
      kind: cell.kind,
      notebook: this.#analyzed.notebook.name,
      name: cell.name,
      ...(isDataset(cell) && { isDataset: true }),
    };
    if (cell.kind === "chart") return { ...head, ...this.#chart(cell) };
    const answer = answers.get(id);
    const isRead = cell.kind === "sql";
    if (answer?.ok !== true) {
      const virtual = answer === undefined ? undefined : virtualColumn(queryOf(cell)?.sql ?? "");
      const unknown =
        virtual === undefined || answer?.reason.includes(virtual.name) !== true
          ? (answer?.reason ?? reasons.get(cell.name))
          : `it uses "${virtual.name}", which the reader adds to what is in the files`;
      const names = isRead ? (this.#columns.get(cell.name) ?? []) : [];
      return {
        ...head,
        columns: names.map(({ name }) => ({ name, columns: [] })),
        uses: NO_USES,
        rows: NO_USES,
        reads: this.#readsOf(node),
        ...(unknown !== undefined && { unknown }),
      };
    }
    const outputs = answer.columns.map(({ name, ...origin }) => ({ name, ...this.#toUses(origin) }));
    return {
      ...head,
      columns: isRead ? outputs : [],
      uses: isRead ? NO_USES : together(outputs),
      rows: this.#toUses(answer.rows),
      reads: answer.relations,
    };
  }

  #toUses(origin: Origin): Uses {
    const { columns, ...rest } = toUses(origin);
    return { ...rest, columns: columns.filter(({ node, column }) => !this.#added.has(`${node} ${column}`)) };
  }

  /** All that it may depend on. */
  #readsOf({ cell, facts }: GraphNode): readonly string[] {
    const tables = (facts?.tables ?? []).map(({ schema, name }) => {
      if (schema === undefined) return this.#cell(this.#nameOf(name));
      return isSystemSchema(schema) ? `system:${schema}.${name}` : lakeNode(name);
    });
    const calls = this.#services.engine.fileCalls(queryOf(cell)?.sql ?? "", facts?.files ?? []) ?? [];
    return [...new Set([...tables, ...calls.map(({ paths }) => `file:${paths.join(", ")}`)])];
  }

  #nameOf(folded: string): string {
    return [...this.#analyzed.graph.nodes.keys()].find((name) => name.toLowerCase() === folded) ?? folded;
  }

  #chart(cell: ChartCell): Pick<LineageNode, "columns" | "uses" | "rows" | "reads" | "unknown"> {
    const from = this.#cell(cell.from);
    const none = { columns: [], uses: NO_USES, rows: NO_USES, reads: [from] };
    const columns = this.#columns.get(cell.from);
    if (columns === undefined) return { ...none, unknown: `the columns of ${cell.from} are not known` };
    const drawn = chartColumns(cell, columns);
    if (typeof drawn === "string") return { ...none, unknown: drawn };
    return { ...none, uses: { columns: drawn.map((column) => ({ node: from, column })) } };
  }

  #conditions(): { readonly spec: CheckSpec; readonly item: LineageItem }[] {
    const { graph, refusedChecks } = this.#analyzed;
    return [...graph.nodes.values()].flatMap(({ cell }) =>
      !this.#columns.has(cell.name)
        ? []
        : checksOf(cell)
            .filter(({ name }) => !refusedChecks.has(name))
            .flatMap((spec) =>
              spec.conditions.map((condition) => ({
                spec,
                item: {
                  sql: this.#services.engine.conditionSql(condition.sql, cell.name),
                  files: [],
                  parameters: [],
                  columns: ["condition"],
                },
              })),
            ),
    );
  }

  /** One for each entry of `checks:`. */
  #checks(conditions: readonly (readonly [CheckSpec, QueryLineage | undefined])[]): readonly LineageNode[] {
    const { graph, notebook } = this.#analyzed;
    return [...graph.nodes.values()].flatMap(({ cell }) =>
      checksOf(cell).map((spec): LineageNode => {
        const own = this.#cell(cell.name);
        const named: readonly NodeColumn[] = [
          ...namedColumns(spec).map((column) => ({ node: own, column })),
          ...otherColumns(spec).flatMap(({ cell: other, column }) =>
            column === undefined ? [] : [{ node: this.#cell(other), column }],
          ),
        ];
        const found = conditions.filter(([other]) => other === spec).map(([, answer]) => answer);
        const parts = found.flatMap((answer) => (answer?.ok === true ? answer.columns.map(toUses) : []));
        const failed = found.find((answer) => answer?.ok !== true);
        return {
          id: `check:${notebook.name}/${spec.name}`,
          kind: "check",
          notebook: notebook.name,
          name: spec.name,
          cell: cell.name,
          columns: [],
          uses: together([{ columns: named }, ...parts]),
          rows: NO_USES,
          reads: [...new Set([own, ...otherColumns(spec).map((other) => this.#cell(other.cell))])],
          ...(failed?.ok === false && { unknown: failed.reason }),
        };
      }),
    );
  }
}

function toUses({ columns, unknown }: Origin): Uses {
  return {
    columns: columns.map(({ relation, column }) => ({ node: relation, column })),
    ...(unknown !== undefined && { unknown }),
  };
}
