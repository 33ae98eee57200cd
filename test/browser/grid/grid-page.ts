import "../../../client/grid/check-list.js";
import "../../../client/grid/column-profile.js";
import "../../../client/grid/data-grid.js";
import type { DataGrid } from "../../../client/grid/data-grid.js";
import type { GridColumn, GridPage, GridQuery, GridSource } from "../../../client/grid/grid-source.js";

/** A source whose rows are computed, and whose answers can be held back. */
class FakeSource implements GridSource {
  readonly columns: readonly GridColumn[];
  readonly totalRows: number;
  readonly requests: (GridQuery & { readonly offset: number; readonly limit: number })[] = [];
  /** While it is set, every answer waits. */
  isHeld = false;
  failure: string | null = null;
  readonly #valueAt: (row: number, column: number) => unknown;
  readonly #held: (() => void)[] = [];

  constructor(
    columns: readonly GridColumn[],
    totalRows: number,
    valueAt: (row: number, column: number) => unknown,
  ) {
    this.columns = columns;
    this.totalRows = totalRows;
    this.#valueAt = valueAt;
  }

  async fetchRows(offset: number, limit: number, { sort, filter }: GridQuery): Promise<GridPage> {
    this.requests.push({ offset, limit, sort, filter });
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    else await Promise.resolve();
    if (this.failure !== null) throw new Error(this.failure);
    // Every filter keeps a hundredth, and rows named after it; a filter for "nothing" keeps none.
    const kept = filter ? (JSON.stringify(filter).includes("nothing") ? 0 : 100) : 1;
    const totalRows = kept === 1 ? this.totalRows : kept === 0 ? 0 : Math.ceil(this.totalRows / kept);
    const end = Math.min(offset + limit, totalRows);
    const rows = Array.from({ length: Math.max(0, end - offset) }, (_, index) => {
      const row = offset + index;
      const sorted = sort?.direction === "desc" ? totalRows - 1 - row : row;
      return this.columns.map((__, column) => this.#valueAt(sorted * Math.max(1, kept), column));
    });
    return { rows, totalRows };
  }

  release(): void {
    this.isHeld = false;
    for (const answer of this.#held.splice(0)) answer();
  }
}

/** Puts an element on the page and returns it once it is drawn. */
async function mount<T extends HTMLElement>(tag: string, properties: object): Promise<T> {
  const element = Object.assign(document.createElement(tag), properties) as T;
  document.querySelector("main")?.append(element);
  await settle(element);
  return element;
}

/** Waits until the answers that are under way are drawn. */
async function settle(element: Element): Promise<void> {
  const { updateComplete } = element as Element & { updateComplete?: Promise<boolean> };
  for (let frame = 0; frame < 3; frame++) {
    await updateComplete;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

const orders: readonly GridColumn[] = [
  { name: "order_id", type: "BIGINT", kind: "integer" },
  { name: "city_code", type: "VARCHAR", kind: "text" },
  { name: "sent_at", type: "TIMESTAMP", kind: "timestamp" },
  { name: "price", type: "DECIMAL(18,2)", kind: "decimal" },
  { name: "payload", type: "STRUCT(label VARCHAR, tags VARCHAR[])", kind: "struct" },
];

function makeOrders(totalRows: number): FakeSource {
  return new FakeSource(orders, totalRows, (row, column) =>
    [
      String(1_000_000_000_000_000_000n + BigInt(row)),
      ["BCN", "MAD", null, ""][row % 4],
      `2026-11-${String(1 + (row % 28)).padStart(2, "0")} 10:00:00`,
      ((row % 1000) / 8).toFixed(2),
      { label: `row ${row}`, tags: ["a", "b"] },
    ].at(column),
  );
}

/** Puts a grid of orders on the page, and keeps what happens to it in variables of the page. */
async function mountOrders(totalRows: number): Promise<void> {
  globalThis.source = makeOrders(totalRows);
  globalThis.events = [];
  for (const type of ["sort-change", "filter-change"] as const) {
    document.addEventListener(type, (event) => {
      const { sort, filter } = event as unknown as { sort?: unknown; filter?: unknown };
      globalThis.events.push({ type, detail: type === "sort-change" ? sort : filter });
    });
  }
  globalThis.grid = await mount<DataGrid>("data-grid", { source: globalThis.source, label: "orders" });
}

/** Makes a script that ran visible as an error of the page. */
function watchForScripts(): void {
  Object.assign(globalThis, {
    pwned: () => {
      throw new Error("Untrusted text was run.");
    },
  });
}

/** Returns what our elements never draw: the marks of text that became more than text. */
function foreignElements(root: ParentNode = document.body): string[] {
  return [...root.querySelectorAll("*")].flatMap((element) => [
    ...(/^(script|img|iframe|object|link|style|base|form|a)$/i.test(element.tagName)
      ? [element.outerHTML]
      : []),
    ...[...element.attributes].filter(({ name }) => /^(on|src|href)/i.test(name)).map(({ name }) => name),
    ...(element.shadowRoot ? foreignElements(element.shadowRoot) : []),
  ]);
}

const page = { FakeSource, makeOrders, mountOrders, mount, settle, watchForScripts, foreignElements };

declare global {
  /** What the tests use inside the page. */
  var gridPage: typeof page;
  var grid: DataGrid;
  var source: FakeSource;
  var events: unknown[];
}

globalThis.gridPage = page;
