import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { ColumnOrigin, ContextColumn, LanguageContext } from "./language-model.js";
import { isSameName, nameOfItem, namesAfter } from "./select-items.js";
import type { CommonTable, QueryScope, RelationUse } from "./sql-scopes.js";
import type { Token } from "../../server/text/sql-tokens.js";
import { isName, isSymbol, isWord } from "../../server/text/sql-tokens.js";

type Columns = readonly ContextColumn[] | undefined;

/** What a name in a FROM stands for. */
export interface ResolvedRelation {
  readonly kind: "cell" | "dataset" | "common-table" | "subquery" | "other";
  readonly name: string;
  /** Absent where nobody knows them. */
  readonly columns?: readonly ContextColumn[];
  readonly description?: string;
  readonly commonTable?: CommonTable;
}

/** How a relation is called within its query: empty where it can't be. */
export function relationName(use: RelationUse): string {
  return use.alias ?? use.path.at(-1) ?? "";
}

/** Finds columns for one reading of one text. Each query is looked into once, also where they read each other. */
export class ColumnFinder {
  readonly #context: LanguageContext;
  readonly #queries = new Map<QueryScope, Columns>();
  readonly #relations = new Map<RelationUse, ResolvedRelation>();

  constructor(context: LanguageContext) {
    this.#context = context;
  }

  resolveRelation(use: RelationUse, scope: QueryScope): ResolvedRelation {
    const known = this.#relations.get(use);
    if (known) return known;
    const resolved = this.#resolveUse(use, scope);
    const { columnNames } = use;
    const result =
      columnNames.length === 0
        ? resolved
        : { ...resolved, columns: renameColumns(resolved.columns, columnNames) };
    this.#relations.set(use, result);
    return result;
  }

  resolvePath(path: readonly string[], scope: QueryScope): ResolvedRelation {
    const [first = "", second] = path;
    if (second !== undefined) return this.#resolveDataset(first, second);
    const commonTable = scope.commonTables.findLast(({ name }) => isSameName(name, first));
    if (commonTable) {
      const columns = this.#columnsOfCommonTable(commonTable);
      return { kind: "common-table", name: commonTable.name, commonTable, ...(columns && { columns }) };
    }
    const cell = this.#context.cells.find(
      ({ name, kind }) => cellKinds[kind].isRelation && isSameName(name, first),
    );
    if (!cell) return { kind: "other", name: first };
    const { name, columns, description } = cell;
    return {
      kind: "cell",
      name,
      ...(columns && { columns: storedColumns(columns, { kind: "cell", relation: name }) }),
      ...(description !== undefined && { description }),
    };
  }

  /** The column that a name or a qualified one stands for, in a query or in those around it. */
  findColumn(path: readonly string[], scope: QueryScope): ContextColumn | undefined {
    for (let outer: QueryScope | undefined = scope; outer; outer = outer.parent) {
      const column = this.#columnOf(path, outer);
      if (column) return column;
    }
    return undefined;
  }

  /** The columns that a query returns, as far as its text tells. */
  columnsOfQuery(query: QueryScope): Columns {
    if (this.#queries.has(query)) return this.#queries.get(query);
    // A query that reads itself finds this.
    this.#queries.set(query, undefined);
    const columns = this.#readQuery(query);
    this.#queries.set(query, columns);
    return columns;
  }

  #resolveUse(use: RelationUse, scope: QueryScope): ResolvedRelation {
    if (use.kind === "named") return this.resolvePath(use.path, scope);
    if (use.kind !== "subquery") return { kind: "other", name: use.path.join(".") };
    const columns = use.query && this.columnsOfQuery(use.query);
    return { kind: "subquery", name: use.alias ?? "subquery", ...(columns && { columns }) };
  }

  /** `lake.orders`, and `"2026-10-01".orders`: the same dataset of another date. */
  #resolveDataset(catalog: string, name: string): ResolvedRelation {
    const isLake = isSameName(catalog, "lake") || /^\d{4}-\d{2}-\d{2}(@\d+)?$/.test(catalog);
    const dataset = isLake && this.#context.lake.find((candidate) => isSameName(candidate.name, name));
    if (!dataset) return { kind: "other", name: `${catalog}.${name}` };
    const columns = storedColumns(dataset.columns, { kind: "dataset", relation: dataset.name });
    return { kind: "dataset", name: `${catalog}.${dataset.name}`, columns };
  }

  #columnsOfCommonTable(table: CommonTable): Columns {
    const columns = table.query && this.columnsOfQuery(table.query);
    return table.columnNames.length === 0 ? columns : renameColumns(columns, table.columnNames);
  }

  #readQuery(query: QueryScope): Columns {
    if (query.inner && query.clauses.length === 0) return this.columnsOfQuery(query.inner);
    if (!query.hasPlainColumns) return undefined;
    const isSelect = query.clauses.some(({ clause }) => clause === "select");
    if (!isSelect) return this.#allColumns(query);
    return query.items.flatMap((item) => this.#columnsOfItem(item, query));
  }

  /** What a star stands for: a column of USING comes once. */
  #allColumns(query: QueryScope): readonly ContextColumn[] {
    const seen = new Set<string>();
    return query.relations
      .flatMap((use) => this.resolveRelation(use, query).columns ?? [])
      .filter(({ name }) => {
        const isUsed = query.usingColumns.some((used) => isSameName(used, name));
        const isRepeated = isUsed && seen.has(name.toLowerCase());
        seen.add(name.toLowerCase());
        return !isRepeated;
      });
  }

  #columnsOfItem(item: readonly Token[], query: QueryScope): readonly ContextColumn[] {
    const [first, second, third] = item;
    if (isSymbol(first, "*")) return changeStar(this.#allColumns(query), item.slice(1));
    if (first && isName(first) && isSymbol(second, ".") && isSymbol(third, "*")) {
      const use = query.relations.find((relation) => isSameName(relationName(relation), first.value));
      return changeStar((use && this.resolveRelation(use, query).columns) ?? [], item.slice(3));
    }
    const name = nameOfItem(item);
    if (name === undefined) return [];
    const asAt = item.findLastIndex((token) => isWord(token, "as"));
    const origin = this.#findColumn(asAt > 0 ? item.slice(0, asAt) : item, query)?.origin;
    return [{ name, type: this.#typeOfItem(item, query), ...(origin && { origin }) }];
  }

  /** Known for a plain column, for `… ::TYPE AS name` and for counts; empty otherwise. */
  #typeOfItem(item: readonly Token[], query: QueryScope): string {
    const asAt = item.findLastIndex((token) => isWord(token, "as"));
    const expression = asAt > 0 ? item.slice(0, asAt) : item;
    const castTo = isSymbol(expression.at(-2), "::") ? expression.at(-1) : undefined;
    if (castTo) return castTo.value.toUpperCase();
    if (isCount(expression)) return "BIGINT";
    return this.#findColumn(expression, query)?.type ?? "";
  }

  #findColumn(expression: readonly Token[], query: QueryScope): ContextColumn | undefined {
    const isPath = expression.every((token, at) => (at % 2 === 0 ? isName(token) : isSymbol(token, ".")));
    const path = expression.filter((_, at) => at % 2 === 0).map(({ value }) => value);
    return isPath ? this.#columnOf(path, query) : undefined;
  }

  #columnOf(path: readonly string[], query: QueryScope): ContextColumn | undefined {
    const name = path.at(-1);
    if (path.length > 2 || name === undefined) return undefined;
    const qualifier = path.length === 2 ? path[0] : undefined;
    return query.relations
      .filter((use) => qualifier === undefined || isSameName(relationName(use), qualifier))
      .flatMap((use) => this.resolveRelation(use, query).columns ?? [])
      .find((column) => isSameName(column.name, name));
  }
}

function storedColumns(
  columns: readonly ContextColumn[],
  relation: Omit<ColumnOrigin, "column">,
): readonly ContextColumn[] {
  return columns.map(({ name, type }) => ({ name, type, origin: { ...relation, column: name } }));
}

function renameColumns(columns: Columns, names: readonly string[]): readonly ContextColumn[] {
  const renamed = names.map((name, at) => ({ type: "", ...columns?.[at], name }));
  return [...renamed, ...(columns ?? []).slice(names.length)];
}

/** `* EXCLUDE (a, b)`, `* EXCLUDE a` and `* RENAME (a AS b)`. */
function changeStar(columns: readonly ContextColumn[], rest: readonly Token[]): readonly ContextColumn[] {
  const excluded = namesAfter(rest, "exclude");
  const renamed = namesAfter(rest, "rename");
  return columns
    .filter(({ name }) => !excluded.some((other) => isSameName(other, name)))
    .map((column) => {
      const at = renamed.findIndex((name, index) => index % 2 === 0 && isSameName(name, column.name));
      return { ...column, name: (at === -1 ? undefined : renamed[at + 1]) ?? column.name };
    });
}

function isCount(expression: readonly Token[]): boolean {
  const brackets = expression.filter((token) => isSymbol(token, "(", ")"));
  return isWord(expression[0], "count") && brackets.length === 2 && isSymbol(expression.at(-1), ")");
}
