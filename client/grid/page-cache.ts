import { noQuery, type GridPage, type GridQuery, type GridRow, type GridSource } from "./grid-source.js";

export const PAGE_ROWS = 200;
const MAX_PAGES = 60;
/** Who scrolls fast passes many pages; only where they stop is worth asking for. */
const MAX_WANTED = 3;
const MAX_LOADING = 3;
const QUIET_MS = 40;
/** The server gives no more in one answer. */
const MAX_FETCH_ROWS = 1000;

/** The rows of one source under one query: pages that were looked at last, and what is still to be fetched. */
export class PageCache {
  readonly source: GridSource;
  readonly query: GridQuery;
  totalRows: number;
  /** Why the last page that was asked for did not come. */
  failure: Error | null = null;

  readonly #onChange: () => void;
  readonly #abort = new AbortController();
  /** In the order of their last use. */
  readonly #pages = new Map<number, readonly GridRow[]>();
  /** Of the values that came cut: how long they are, by their columns. */
  readonly #lengths = new WeakMap<GridRow, Map<number, number>>();
  readonly #loading = new Set<number>();
  /** Not asked for again by themselves: the user may, or scroll away and back. */
  readonly #failed = new Set<number>();
  #wanted: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: GridSource, query: GridQuery = noQuery, onChange: () => void = () => undefined) {
    this.source = source;
    this.query = query;
    this.totalRows = source.totalRows;
    this.#onChange = onChange;
  }

  /** Whether there is something to show: a page came, or nothing is to come. */
  get isReady(): boolean {
    return this.#pages.size > 0 || (this.totalRows === 0 && this.query.filter === null);
  }

  row(index: number): GridRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** How long a value is of which only the beginning came; undefined for one that is whole. */
  lengthOf(row: GridRow, column: number): number | undefined {
    return this.#lengths.get(row)?.get(column);
  }

  /** Says which rows are looked at. Their pages are fetched once this has been quiet for a moment. */
  want(first: number, last: number): void {
    if (this.#abort.signal.aborted || last < first || (this.totalRows === 0 && this.isReady)) return;
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page++) {
      this.#wanted = [...this.#wanted.filter((other) => other !== page), page].slice(-MAX_WANTED);
      this.#touch(page);
    }
    for (const page of this.#failed) if (!this.#wanted.includes(page)) this.#failed.delete(page);
    if (this.#failed.size === 0) this.failure = null;
    if (this.#missing().length > 0) this.#schedule();
  }

  retry(): void {
    this.#failed.clear();
    this.failure = null;
    this.#fetchWanted();
  }

  /** Returns the rows of a range, from the cache where it has them. */
  async read(first: number, last: number): Promise<GridRow[]> {
    const rows = this.peek(first, last);
    if (rows) return rows;
    const fetched: GridRow[] = [];
    for (let offset = first; offset <= last; offset += MAX_FETCH_ROWS) {
      const page = await this.#fetch(offset, Math.min(MAX_FETCH_ROWS, last - offset + 1));
      fetched.push(...page.rows);
    }
    return fetched;
  }

  /** Returns the rows of a range if all of them are here. */
  peek(first: number, last: number): GridRow[] | null {
    const rows: GridRow[] = [];
    for (let index = first; index <= last; index++) {
      const row = this.row(index);
      if (!row) return null;
      rows.push(row);
    }
    return rows;
  }

  /** Forgets what is under way: an answer that comes now changes nothing. */
  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page);
    if (!rows) return;
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  /** Returns the wanted pages that are still to be asked for, the latest first. */
  #missing(): number[] {
    const isMissing = (page: number): boolean =>
      !this.#pages.has(page) && !this.#loading.has(page) && !this.#failed.has(page);
    return this.#wanted.filter(isMissing).reverse();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    // The first page is waited for; there is nothing to scroll past yet.
    if (this.#pages.size === 0 && this.#loading.size === 0) this.#fetchWanted();
    else this.#timer = setTimeout(() => this.#fetchWanted(), QUIET_MS);
  }

  #fetchWanted(): void {
    for (const page of this.#missing().slice(0, MAX_LOADING - this.#loading.size)) void this.#load(page);
  }

  async #load(page: number): Promise<void> {
    this.#loading.add(page);
    try {
      const { rows, totalRows } = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS);
      if (this.#abort.signal.aborted) return;
      this.totalRows = totalRows;
      this.#keep(page, rows);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#failed.add(page);
      this.failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#loading.delete(page);
    }
    if (this.#missing().length > 0) this.#schedule();
    this.#onChange();
  }

  async #fetch(offset: number, limit: number): Promise<GridPage> {
    const page = await this.source.fetchRows(offset, limit, { ...this.query, signal: this.#abort.signal });
    for (const { row, column, length } of page.cut ?? []) {
      const values = page.rows[row];
      if (values === undefined) continue;
      const lengths = this.#lengths.get(values) ?? new Map<number, number>();
      this.#lengths.set(values, lengths.set(column, length));
    }
    return page;
  }

  #keep(page: number, rows: readonly GridRow[]): void {
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) return;
      this.#pages.delete(oldest);
    }
  }
}
