import { loadCode } from "../connection.js";
import type { parseFilter } from "./parse-filter.js";
import { ownValue } from "../own-value.js";
import { keyOf, type GridColumn, type GridFilter } from "./grid-source.js";

/** What is typed into the search field and over the columns. */
export class GridFilters {
  search = "";
  /** Why rows are not filtered by what is typed over a column, by its key. */
  readonly problems = new Map<string, string>();
  readonly #typed = new Map<string, string>();
  #last = "";
  /** Comes when somebody first types over a column. */
  #parse: typeof parseFilter | undefined;

  textOf(column: GridColumn): string {
    return this.#typed.get(keyOf(column)) ?? "";
  }

  type(column: GridColumn, text: string): void {
    this.#last = keyOf(column);
    this.#typed.set(this.#last, text);
  }

  clear(): void {
    this.search = "";
    this.clearColumns();
  }

  clearColumns(): void {
    this.#typed.clear();
    this.problems.clear();
  }

  /** Forgets what was typed over columns that are gone. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#typed.keys()) if (!keys.has(key)) this.#typed.delete(key);
  }

  /** Undefined: what is typed can be read. */
  loading(): Promise<void> | undefined {
    if (this.#parse !== undefined || this.#typed.size === 0) return undefined;
    return loadCode(() => import("./parse-filter.js")).then((code) => {
      this.#parse = code.parseFilter;
    });
  }

  /** Once nothing is loading. `formats`: how numbers are shown, by the key of their column. */
  read(columns: readonly GridColumn[], formats: Readonly<Record<string, string>>): GridFilter | null {
    this.problems.clear();
    const filters = columns.flatMap((column) => {
      const key = keyOf(column);
      const read = this.#parse?.(this.textOf(column), column, ownValue(formats, key)) ?? [];
      if (typeof read !== "string") return read;
      this.problems.set(key, read);
      return [];
    });
    const search = this.search.trim();
    return filters.length > 0 || search !== "" ? { search, columns: filters } : null;
  }

  /** The problem to be told: that of what was typed last, if it has one. */
  get told(): readonly [key: string, problem: string] | undefined {
    const last = this.problems.get(this.#last);
    return last === undefined ? this.problems.entries().next().value : [this.#last, last];
  }

  /** Takes what the server says of rows that cannot be filtered so for a problem of what was typed last. */
  note(failure: Error | null): void {
    if (isOfFilter(failure) && (this.#typed.get(this.#last) ?? "") !== "")
      this.problems.set(this.#last, failure.message);
  }
}

function isOfFilter(failure: Error | null): failure is Error {
  return (failure as { readonly details?: { readonly filter?: unknown } } | null)?.details?.filter === true;
}
