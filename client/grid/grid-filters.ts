import { keyOf, type GridColumn, type GridFilter } from "./grid-source.js";
import { parseFilter } from "./parse-filter.js";

/** What is typed into the search field and over the columns. */
export class GridFilters {
  search = "";
  readonly #typed = new Map<string, string>();

  textOf(column: GridColumn): string {
    return this.#typed.get(keyOf(column)) ?? "";
  }

  type(column: GridColumn, text: string): void {
    this.#typed.set(keyOf(column), text);
  }

  clear(): void {
    this.search = "";
    this.clearColumns();
  }

  clearColumns(): void {
    this.#typed.clear();
  }

  /** Forgets what was typed over columns that are gone. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#typed.keys()) if (!keys.has(key)) this.#typed.delete(key);
  }

  read(columns: readonly GridColumn[]): GridFilter | null {
    const filters = columns.flatMap((column) => parseFilter(this.textOf(column), column) ?? []);
    const search = this.search.trim();
    return filters.length > 0 || search !== "" ? { search, columns: filters } : null;
  }
}
