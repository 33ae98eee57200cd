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
import { leavesOf, relationKey, ResultColumns, type KnownColumn, type Relations } from "./result-columns.js";

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

interface Leaf {
  readonly source: FormSource;
  readonly alias: string;
  /** Undefined: not known. */
  readonly columns: readonly KnownColumn[] | undefined;
}

class Finder {
  readonly #relations: Relations;
  readonly #results: ResultColumns;
  /** By form, and the columns that are asked for. */
  readonly #resolved = new Map<QueryForm, Map<string, boolean>>();
  readonly #columns = new Map<string, readonly string[]>();
  readonly #loose = new Set<string>();

  constructor(relations: Relations) {
    this.#relations = relations;
    this.#results = new ResultColumns(relations);
  }

  sources(): KeySources {
    const columns = new Map([...this.#columns].filter(([relation]) => !this.#loose.has(relation)));
    return { columns, loose: this.#loose };
  }

  /** `key`: folded names of result columns. */
  resolve(form: QueryForm, key: readonly string[]): boolean {
    const known = this.#resolved.get(form) ?? new Map<string, boolean>();
    this.#resolved.set(form, known);
    const asked = JSON.stringify(key);
    const found = known.get(asked) ?? this.#resolve(form, key);
    known.set(asked, found);
    return found;
  }

  #resolve(form: QueryForm, key: readonly string[]): boolean {
    if (form.type === "unknown") return false;
    if (form.type === "select") return this.#resolveSelect(form, key);
    const branches = form.branches.map((branch) => ({ branch, columns: this.#results.of(branch) }));
    const places = key.map(
      (column) => branches[0]?.columns?.findIndex(({ name }) => foldCase(name) === column) ?? -1,
    );
    // Values of other types become others in the result.
    const isOne = places.every((place) => {
      const types = new Set(branches.map(({ columns }) => columns?.[place]?.type));
      return types.size === 1 && !types.has(undefined);
    });
    return (
      isOne &&
      branches.every(({ branch, columns }) =>
        this.resolve(
          branch,
          places.map((place) => foldCase(columns?.[place]?.name ?? "")),
        ),
      )
    );
  }

  #resolveSelect(form: SelectForm, key: readonly string[]): boolean {
    if (form.isCut) return false;
    const grouped = form.groupedBy?.map(foldCase);
    if (grouped !== undefined && key.some((column) => !grouped.includes(column))) return false;
    const classes = new ColumnClasses(form, this.#results);
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

  #addLeaf({ source, columns: known }: Leaf, columns: readonly (string | undefined)[]): void {
    if (source.type === "other") return;
    const mapped = columns.filter((column) => column !== undefined);
    const isMapped =
      mapped.length === columns.length &&
      (source.type === "query" || mapped.every((column) => typeOf(known, column) !== undefined));
    if (source.type === "query") {
      if (!isMapped || !this.resolve(source.form, mapped.map(foldCase)))
        for (const name of readsOf(source.form)) this.#loosen(name);
      return;
    }
    for (const name of source.type === "file" ? source.paths : [relationKey(source)]) {
      if (!isMapped) {
        this.#loosen(name);
        continue;
      }
      this.#record(name, mapped);
      const form = source.type === "table" ? this.#relations.formOf(name) : undefined;
      if (form !== undefined && !this.resolve(form, mapped.map(foldCase)))
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

  constructor(form: SelectForm, results: ResultColumns) {
    this.#form = form;
    this.leaves = leavesOf(form.from).map((source) => ({
      source,
      alias: source.alias,
      columns: results.ofSource(source),
    }));
    this.isKnown = this.#addJoins(form.from, 0) !== undefined;
    for (const pair of form.equal) this.#join(pair);
  }

  /** The node of a result column; undefined where it is no plain column of one relation, or where two may be meant. */
  ofResult(column: string): string | undefined {
    const found = this.#form.items.flatMap((item): (string | undefined)[] => {
      if (item.type === "star") return this.#ofStar(item, column);
      if (item.type === "other" && item.isMany === true) return [undefined];
      if (foldCase(item.name ?? "") !== column) return [];
      return [item.type === "column" ? this.#certain(item.from) : undefined];
    });
    return found.length === 1 ? found[0] : undefined;
  }

  #ofStar({ table, except }: Extract<FormItem, { type: "star" }>, column: string): (string | undefined)[] {
    if (except.some((name) => foldCase(name) === column)) return [undefined];
    const name = { ...(table === undefined ? {} : { table }), column };
    return this.#among(name, this.#visible()).length === 0 ? [] : [this.#certain(name)];
  }

  ofName(name: ColumnName): string | undefined {
    return this.#find(name, this.#visible());
  }

  #visible(): number[] {
    return this.leaves.map((_, index) => index).filter((index) => !this.#hidden.has(index));
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

  /** Leaves that have such a column, or may have. */
  #among({ table, column }: ColumnName, among: readonly number[]): number[] {
    return among.filter((index) => {
      const { alias = "", columns } = this.leaves[index] ?? {};
      if (table !== undefined && foldCase(alias) !== foldCase(table)) return false;
      return columns === undefined || columns.some(({ name }) => foldCase(name) === foldCase(column));
    });
  }

  #find({ table, column }: ColumnName, among: readonly number[]): string | undefined {
    const found = this.#among({ ...(table === undefined ? {} : { table }), column }, among);
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

  /** Of two types, values may be equal that are two keys: `'01' = 1`. */
  #union(a: string, b: string): void {
    const [type, other] = [a, b].map((node) => typeOf(this.leaves[leafOf(node)]?.columns, columnOf(node)));
    if (type === undefined || type !== other) return;
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

function typeOf(columns: readonly KnownColumn[] | undefined, column: string): string | undefined {
  return columns?.find(({ name }) => foldCase(name) === foldCase(column))?.type;
}

function usingColumns(from: FormFrom): readonly string[] {
  if (from.type !== "join") return [];
  return [...from.using, ...usingColumns(from.left), ...usingColumns(from.right)];
}

/** All tables and files that a query reads. */
export function readsOf(form: QueryForm): string[] {
  const forms = new Set([form]);
  const reads = new Set<string>();
  for (const next of forms) {
    if (next.type === "unknown") for (const name of next.reads) reads.add(name);
    else if (next.type === "union") for (const branch of next.branches) forms.add(branch);
    else {
      for (const name of next.loose) reads.add(name);
      for (const source of leavesOf(next.from)) {
        if (source.type === "query") forms.add(source.form);
        if (source.type === "file") for (const path of source.paths) reads.add(path);
        if (source.type === "table") reads.add(relationKey(source));
      }
    }
  }
  return [...reads];
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
