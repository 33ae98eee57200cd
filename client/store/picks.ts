import type { Picked } from "../../server/api/protocol.js";

/** Marks that somebody picked in a chart, by which other charts and the rows of the same cell are filtered. */
export interface ChartPick {
  /** The chart's cell. */
  readonly chart: string;
  /** The cell that it draws. */
  readonly source: string;
  readonly picked: Picked;
  /** `city = Berlin` */
  readonly words: string;
}

/**
 * What is picked on this page, at most once in each chart: neither in the file nor in anybody else's page. Fires
 * `change`.
 */
class Picks extends EventTarget {
  readonly #byChart = new Map<string, ChartPick>();
  #notice: { readonly source: string; readonly words: string } | undefined;

  /** Of the rows of a cell; without the one of a chart, which shows all of its own marks. */
  of(source: string, but?: string): readonly ChartPick[] {
    const same = source.toLowerCase();
    return [...this.#byChart.values()].filter(
      (pick) => pick.source.toLowerCase() === same && pick.chart !== but,
    );
  }

  in(chart: string): ChartPick | undefined {
    return this.#byChart.get(chart);
  }

  /** Why what was picked is no longer. */
  notice(source: string): string | undefined {
    return this.#notice?.source === source ? this.#notice.words : undefined;
  }

  set(pick: ChartPick): void {
    this.#byChart.set(pick.chart, pick);
    this.#tell(undefined);
  }

  drop(chart: string): void {
    if (this.#byChart.delete(chart)) this.#tell(undefined);
  }

  /** All that filters the rows of a cell. */
  clear(source: string): void {
    this.#letGo(this.of(source));
    this.#tell(undefined);
  }

  /** The rows of a cell cannot be filtered so; `column`: because they do not have it. */
  reject(source: string, why: string, column?: string): void {
    const of = this.of(source).filter(
      ({ picked }) =>
        column === undefined || picked.by.some((by) => by.column.toLowerCase() === column.toLowerCase()),
    );
    // Another of those that are filtered so was told before.
    if (of.length === 0) return;
    this.#letGo(of);
    const words = of.map((pick) => pick.words).join(" and ");
    this.#tell({ source, words: `No longer filtered by ${words}: ${why}` });
  }

  #letGo(of: readonly ChartPick[]): void {
    for (const { chart } of of) this.#byChart.delete(chart);
  }

  #tell(notice: { readonly source: string; readonly words: string } | undefined): void {
    this.#notice = notice;
    this.dispatchEvent(new Event("change"));
  }
}

export const picks = new Picks();

/** As the server takes them. */
export function pickedTexts(of: readonly ChartPick[]): string[] {
  return of.map(({ picked }) => JSON.stringify(picked));
}
