import type { GridColumn, GridFilter } from "./grid-source.js";
import { parseFilter } from "./parse-filter.js";

/** What is typed into the search field and over the columns. */
export class GridFilters {
  search = "";
  readonly #typed = new Map<string, string>();

  textOf({ name }: GridColumn): string {
    return this.#typed.get(name) ?? "";
  }

  type({ name }: GridColumn, text: string): void {
    this.#typed.set(name, text);
  }

  clear(): void {
    this.search = "";
    this.clearColumns();
  }

  clearColumns(): void {
    this.#typed.clear();
  }

  /** Forgets what was typed over columns that are gone. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#typed.keys()) if (!names.has(name)) this.#typed.delete(name);
  }

  read(columns: readonly GridColumn[]): GridFilter | null {
    const filters = columns.flatMap((column) => parseFilter(this.textOf(column), column) ?? []);
    const search = this.search.trim();
    return filters.length > 0 || search !== "" ? { search, columns: filters } : null;
  }
}
