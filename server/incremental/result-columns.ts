import type { FormFrom, FormItem, FormSource, QueryForm, SelectForm } from "../graph/query-form.js";
import { foldCase } from "../text/sql-names.js";

export interface KnownColumn {
  /** Empty: it has none that a query could say. */
  readonly name: string;
  /**
   * Values of two columns of one type are equal only where they are the same key. Absent where the type is not known, or where
   * different values count as equal.
   */
  readonly type?: string;
}

/** What is known of the relations that a query names. */
export interface Relations {
  /** Columns of a cell, of a dataset of the lake by `schema.name`, or of a path; undefined where they are not known. */
  columnsOf(relation: string): readonly KnownColumn[] | undefined;
  /** The form of a query cell; undefined for a dataset. */
  formOf(relation: string): QueryForm | undefined;
}

/** The columns of results, as far as they are known. Each form is looked at once, however often it is read. */
export class ResultColumns {
  readonly #relations: Relations;
  readonly #known = new Map<QueryForm, readonly KnownColumn[] | undefined>();

  constructor(relations: Relations) {
    this.#relations = relations;
  }

  /** Undefined too where two have one name: the engine gives the second another. */
  of(form: QueryForm): readonly KnownColumn[] | undefined {
    if (!this.#known.has(form)) this.#known.set(form, this.#find(form));
    return this.#known.get(form);
  }

  ofSource(source: FormSource): readonly KnownColumn[] | undefined {
    if (source.type === "other") return undefined;
    if (source.type === "query") return this.of(source.form);
    const name = source.type === "file" ? source.paths[0] : relationKey(source);
    if (name === undefined) return undefined;
    const known = this.#relations.columnsOf(name);
    const form = known === undefined ? this.#relations.formOf(name) : undefined;
    return form === undefined ? known : this.of(form);
  }

  #find(form: QueryForm): readonly KnownColumn[] | undefined {
    const found =
      form.type === "unknown"
        ? undefined
        : form.type === "union"
          ? this.#ofUnion(form.branches)
          : this.#ofSelect(form);
    const names = found?.map(({ name }) => foldCase(name)).filter((name) => name !== "");
    return new Set(names).size === names?.length ? found : undefined;
  }

  #ofUnion(branches: readonly QueryForm[]): readonly KnownColumn[] | undefined {
    const [first, ...others] = branches.map((branch) => this.of(branch));
    return first?.map(({ name, type }, place) => {
      const isSame = others.every((columns) => columns?.[place]?.type === type);
      return type !== undefined && isSame ? { name, type } : { name };
    });
  }

  #ofSelect(form: SelectForm): readonly KnownColumn[] | undefined {
    const columns: KnownColumn[] = [];
    for (const item of form.items) {
      const found = item.type === "star" ? this.#ofStar(item, form) : this.#ofItem(item, form);
      if (found === undefined) return undefined;
      columns.push(...found);
    }
    return columns;
  }

  #ofItem(
    item: Exclude<FormItem, { type: "star" }>,
    { from }: SelectForm,
  ): readonly KnownColumn[] | undefined {
    if (item.type === "other") return item.isMany === true ? undefined : [{ name: item.name ?? "" }];
    const { table, column } = item.from;
    const sources = leavesOf(from).filter(({ alias }) => table === undefined || isNamed(alias, table));
    const types = new Set(
      sources.flatMap((source) => {
        const columns = this.ofSource(source);
        if (columns === undefined) return [undefined];
        return columns.filter(({ name }) => isNamed(name, column)).map(({ type }) => type);
      }),
    );
    const [type] = types;
    return [type !== undefined && types.size === 1 ? { name: item.name, type } : { name: item.name }];
  }

  #ofStar(
    { table, except }: Extract<FormItem, { type: "star" }>,
    { from }: SelectForm,
  ): readonly KnownColumn[] | undefined {
    if (except.length > 0) return undefined;
    if (table === undefined) return this.#ofFrom(from);
    const [source, ...others] = leavesOf(from).filter(({ alias }) => isNamed(alias, table));
    return source === undefined || others.length > 0 ? undefined : this.ofSource(source);
  }

  #ofFrom(from: FormFrom): readonly KnownColumn[] | undefined {
    if (from.type !== "join") return this.ofSource(from);
    if (from.kind === "other") return undefined;
    const left = this.#ofFrom(from.left);
    if (from.kind === "semi" || from.kind === "anti") return left;
    const right = this.#ofFrom(from.right);
    if (left === undefined || right === undefined) return undefined;
    return [...left, ...right.filter(({ name }) => !from.using.some((other) => isNamed(name, other)))];
  }
}

/** What is read, from left to right. */
export function leavesOf(from: FormFrom): FormSource[] {
  return from.type === "join" ? [...leavesOf(from.left), ...leavesOf(from.right)] : [from];
}

export function relationKey({ schema, name }: { readonly schema?: string; readonly name: string }): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

function isNamed(name: string, other: string): boolean {
  return foldCase(name) === foldCase(other);
}
