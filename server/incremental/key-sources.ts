import type {
  ColumnName,
  FormFrom,
  FormItem,
  FormJoin,
  FormSource,
  QueryForm,
  SelectForm,
} from "../graph/query-form.js";
import { foldCase } from "../text/sql-names.js";

/** What is known of the relations that a query names. */
export interface Relations {
  /** Columns of a cell, or of a dataset of the lake by `schema.name`; undefined where they are not known. */
  columnsOf(relation: string): readonly string[] | undefined;
  /** The form of a query cell; undefined for a dataset. */
  formOf(relation: string): QueryForm | undefined;
}

/**
 * Where the key of a result comes from. A row of the result depends only on those rows of a relation in `columns`
 * that have the row's key in these columns, so that it can be computed from them.
 */
export interface KeySources {
  /** By relation, in the order of the key. Files go by their paths. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Relations and files of which any row may change any row of the result. */
  readonly loose: ReadonlySet<string>;
}

/** Undefined where the query is of a form for which that cannot be told. */
export function keySources(
  form: QueryForm,
  key: readonly string[],
  relations: Relations,
): KeySources | undefined {
  const finder = new Finder(relations);
  if (!finder.resolve(form, key.map(foldCase))) return undefined;
  return finder.sources();
}

/** The names of a result's columns, as far as they are known. */
export function outputColumns(form: QueryForm, relations: Relations): readonly string[] | undefined {
  if (form.type === "unknown") return undefined;
  if (form.type === "union") {
    const [first] = form.branches;
    return first && outputColumns(first, relations);
  }
  const leaves = leavesOf(form.from).map((source) => toLeaf(source, relations));
  const names: string[] = [];
  for (const item of form.items) {
    if (item.type !== "star") {
      if (item.name === undefined) return undefined;
      names.push(item.name);
      continue;
    }
    const shown = starLeaves(item, leaves);
    const using = new Set(usingColumns(form.from).map(foldCase));
    const seen = new Set<string>();
    for (const { columns } of shown) {
      if (columns === undefined || item.except.length > 0) return undefined;
      for (const column of columns) {
        if (using.has(foldCase(column)) && seen.has(foldCase(column))) continue;
        seen.add(foldCase(column));
        names.push(column);
      }
    }
  }
  return names;
}

interface Leaf {
  readonly source: FormSource;
  readonly alias: string;
  /** Undefined: not known. */
  readonly columns: readonly string[] | undefined;
}

class Finder {
  readonly #relations: Relations;
  readonly #columns = new Map<string, readonly string[]>();
  readonly #loose = new Set<string>();

  constructor(relations: Relations) {
    this.#relations = relations;
  }

  sources(): KeySources {
    const columns = new Map([...this.#columns].filter(([relation]) => !this.#loose.has(relation)));
    return { columns, loose: this.#loose };
  }

  /** `key`: folded names of result columns. */
  resolve(form: QueryForm, key: readonly string[]): boolean {
    if (form.type === "unknown") return false;
    if (form.type === "union") {
      const [first] = form.branches;
      const names = first && outputColumns(first, this.#relations)?.map(foldCase);
      const places = key.map((column) => names?.indexOf(column) ?? -1);
      if (places.includes(-1)) return false;
      return form.branches.every((branch) => {
        const others = outputColumns(branch, this.#relations)?.map(foldCase);
        const own = places.map((place) => others?.[place]);
        return own.every((name) => name !== undefined) && this.resolve(branch, own);
      });
    }
    return this.#resolveSelect(form, key);
  }

  #resolveSelect(form: SelectForm, key: readonly string[]): boolean {
    if (form.isCut) return false;
    const grouped = form.groupedBy?.map(foldCase);
    if (grouped !== undefined && key.some((column) => !grouped.includes(column))) return false;
    const classes = new ColumnClasses(form, this.#relations);
    if (!classes.isKnown) return false;
    const nodes = key.map((column) => classes.ofResult(column));
    if (nodes.some((node) => node === undefined)) return false;
    const wanted = nodes as string[];
    const isWithinKey = (partition: readonly (ColumnName | null)[]): boolean =>
      wanted.every((node) =>
        partition.some((column) => {
          const found = column === null ? undefined : classes.ofName(column);
          return found !== undefined && classes.isSame(found, node);
        }),
      );
    if (!form.windows.every(isWithinKey)) return false;
    for (const name of form.loose) this.#loosen(name);
    classes.leaves.forEach((leaf, index) => {
      this.#addLeaf(
        leaf,
        wanted.map((node) => classes.columnIn(index, node)),
      );
    });
    return true;
  }

  #addLeaf({ source }: Leaf, columns: readonly (string | undefined)[]): void {
    if (source.type === "other") return;
    const isMapped = columns.every((column) => column !== undefined);
    if (source.type === "query") {
      if (!isMapped || !this.resolve(source.form, columns.map(foldCase)))
        for (const name of readsOf(source.form)) this.#loosen(name);
      return;
    }
    for (const name of source.type === "file" ? source.paths : [relationKey(source)]) {
      if (!isMapped) {
        this.#loosen(name);
        continue;
      }
      this.#record(name, columns);
      const form = source.type === "table" ? this.#relations.formOf(name) : undefined;
      if (form !== undefined && !this.resolve(form, columns.map(foldCase)))
        for (const inner of readsOf(form)) this.#loosen(inner);
    }
  }

  #record(relation: string, columns: readonly string[]): void {
    const known = this.#columns.get(relation);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(columns)) this.#loosen(relation);
    else this.#columns.set(relation, columns);
  }

  /** With all that a query cell reads. */
  #loosen(relation: string): void {
    if (this.#loose.has(relation)) return;
    this.#loose.add(relation);
    const form = this.#relations.formOf(relation);
    if (form !== undefined) for (const name of readsOf(form)) this.#loosen(name);
  }
}

/** Columns of what a SELECT reads, in classes of those that are equal in every row. */
class ColumnClasses {
  readonly leaves: readonly Leaf[];
  /** False where a join is of a kind whose matches cannot be told. */
  readonly isKnown: boolean;
  readonly #form: SelectForm;
  readonly #parents = new Map<string, string>();
  /** Leaves that may be NULL where another side has no match. */
  readonly #optional = new Set<number>();
  /** Folded columns of USING in a FULL JOIN: either side gives the value. */
  readonly #merged = new Set<string>();
  /** Leaves behind SEMI and ANTI: nothing but their join sees them. */
  readonly #hidden = new Set<number>();

  constructor(form: SelectForm, relations: Relations) {
    this.#form = form;
    this.leaves = leavesOf(form.from).map((source) => toLeaf(source, relations));
    this.isKnown = this.#addJoins(form.from, 0) !== undefined;
    for (const pair of form.equal) this.#join(pair);
  }

  /** The node of a result column; undefined where it is no plain column of one relation. */
  ofResult(column: string): string | undefined {
    const items = this.#form.items.filter(
      (item) => item.type !== "star" && foldCase(item.name ?? "") === column,
    );
    const [item] = items;
    if (items.length > 1) return undefined;
    if (item !== undefined) return item.type === "column" ? this.#certain(item.from) : undefined;
    const stars = this.#form.items.filter((other) => other.type === "star");
    for (const star of stars) {
      if (star.except.some((name) => foldCase(name) === column)) return undefined;
      const name = { ...(star.table === undefined ? {} : { table: star.table }), column };
      const found = this.#certain(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  ofName(name: ColumnName): string | undefined {
    return this.#find(
      name,
      this.leaves.map((_, index) => index).filter((index) => !this.#hidden.has(index)),
    );
  }

  isSame(a: string, b: string): boolean {
    return this.#root(a) === this.#root(b);
  }

  /** The column of a leaf that is equal to the node in every row. */
  columnIn(leaf: number, node: string): string | undefined {
    const wanted = this.#root(node);
    if (leafOf(node) === leaf) return columnOf(node);
    for (const other of this.#parents.keys())
      if (leafOf(other) === leaf && this.#root(other) === wanted) return columnOf(other);
    return undefined;
  }

  /** A column that is never NULL for want of a match. */
  #certain(name: ColumnName): string | undefined {
    const node = this.ofName(name);
    if (node === undefined) return undefined;
    const isMerged = name.table === undefined && this.#merged.has(foldCase(name.column));
    return isMerged || !this.#optional.has(leafOf(node)) ? node : undefined;
  }

  #find({ table, column }: ColumnName, among: readonly number[]): string | undefined {
    const has = (index: number): boolean => {
      const columns = this.leaves[index]?.columns;
      return columns === undefined || columns.some((other) => foldCase(other) === foldCase(column));
    };
    const named = among.filter(
      (index) => table === undefined || foldCase(this.leaves[index]?.alias ?? "") === foldCase(table),
    );
    const found = named.filter(has);
    const nodes = found.map((index) => nodeOf(index, column));
    const [first] = nodes;
    if (first === undefined) return undefined;
    if (nodes.length === 1) return first;
    if (table !== undefined) return undefined;
    // Several have such a column, or may have: only what USING made one is clear.
    const joined = nodes.filter((node) => this.#parents.has(node));
    const [clear] = joined;
    const isOne = clear !== undefined && joined.every((node) => this.isSame(node, clear));
    const isClear =
      isOne && usingColumns(this.#form.from).some((name) => foldCase(name) === foldCase(column));
    return isClear ? clear : undefined;
  }

  /** Returns the leaf behind the last one of this side; undefined where a join is of no known kind. */
  #addJoins(from: FormFrom, start: number): number | undefined {
    if (from.type !== "join") return start + 1;
    const middle = this.#addJoins(from.left, start);
    const end = middle === undefined ? undefined : this.#addJoins(from.right, middle);
    if (middle === undefined || end === undefined || from.kind === "other") return undefined;
    const [left, right] = [range(start, middle), range(middle, end)];
    this.#addEqualities(from, left, right);
    if (from.kind === "left" || from.kind === "full") for (const leaf of right) this.#optional.add(leaf);
    if (from.kind === "right" || from.kind === "full") for (const leaf of left) this.#optional.add(leaf);
    if (from.kind === "full") for (const name of from.using) this.#merged.add(foldCase(name));
    if (from.kind === "semi" || from.kind === "anti") for (const leaf of right) this.#hidden.add(leaf);
    return end;
  }

  #addEqualities(join: FormJoin, left: readonly number[], right: readonly number[]): void {
    for (const column of join.using) {
      const [a, b] = [this.#find({ column }, left), this.#find({ column }, right)];
      if (a !== undefined && b !== undefined) this.#union(a, b);
    }
    const both = [...left, ...right];
    for (const [first, second] of join.equal) {
      const [a, b] = [this.#find(first, both), this.#find(second, both)];
      if (a === undefined || b === undefined) continue;
      // What has no match is in the result too, or in no result: then a condition on one side says nothing.
      const isAcross = left.includes(leafOf(a)) !== left.includes(leafOf(b));
      if (isAcross || join.kind === "inner") this.#union(a, b);
    }
  }

  #join([first, second]: readonly [ColumnName, ColumnName]): void {
    const [a, b] = [this.ofName(first), this.ofName(second)];
    if (a !== undefined && b !== undefined) this.#union(a, b);
  }

  #union(a: string, b: string): void {
    for (const node of [a, b]) if (!this.#parents.has(node)) this.#parents.set(node, node);
    this.#parents.set(this.#root(a), this.#root(b));
  }

  #root(node: string): string {
    let root = node;
    for (
      let next = this.#parents.get(root);
      next !== undefined && next !== root;
      next = this.#parents.get(root)
    )
      root = next;
    return root;
  }
}

function toLeaf(source: FormSource, relations: Relations): Leaf {
  const columns =
    source.type === "table"
      ? columnsOfTable(relationKey(source), relations)
      : source.type === "query"
        ? outputColumns(source.form, relations)
        : undefined;
  return { source, alias: source.alias, columns };
}

function columnsOfTable(relation: string, relations: Relations): readonly string[] | undefined {
  const known = relations.columnsOf(relation);
  const form = known === undefined ? relations.formOf(relation) : undefined;
  return form === undefined ? known : outputColumns(form, relations);
}

/** What is read, from left to right. */
export function leavesOf(from: FormFrom): FormSource[] {
  return from.type === "join" ? [...leavesOf(from.left), ...leavesOf(from.right)] : [from];
}

function starLeaves(item: Extract<FormItem, { type: "star" }>, leaves: readonly Leaf[]): readonly Leaf[] {
  const { table } = item;
  return table === undefined ? leaves : leaves.filter(({ alias }) => foldCase(alias) === foldCase(table));
}

function usingColumns(from: FormFrom): readonly string[] {
  if (from.type !== "join") return [];
  return [...from.using, ...usingColumns(from.left), ...usingColumns(from.right)];
}

/** All tables and files that a query reads. */
export function readsOf(form: QueryForm): string[] {
  if (form.type === "unknown") return [...form.reads];
  if (form.type === "union") return form.branches.flatMap(readsOf);
  const read = leavesOf(form.from).flatMap((source) => {
    if (source.type === "query") return readsOf(source.form);
    if (source.type === "file") return [...source.paths];
    return source.type === "table" ? [relationKey(source)] : [];
  });
  return [...form.loose, ...read];
}

export function relationKey({ schema, name }: { readonly schema?: string; readonly name: string }): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

function nodeOf(leaf: number, column: string): string {
  return `${String(leaf)} ${foldCase(column)}`;
}

function leafOf(node: string): number {
  return Number(node.slice(0, node.indexOf(" ")));
}

function columnOf(node: string): string {
  return node.slice(node.indexOf(" ") + 1);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
