import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { Engine } from "../engine/engine.js";
import type { Cell, ChartCell } from "../notebook/notebook.js";
import type { Workspace } from "../workspace/workspace.js";
import { Fixed, type ComputedCell } from "./compute-choice.js";
import type { Stores } from "./last-results.js";
import { readChart, readFirstRows, rowsOfResult } from "./read-results.js";
import type { SnapshotPart } from "./snapshot.js";
import { withoutRoot } from "./without-root.js";

/** Of all choices together, as JSON. */
const MOST_BYTES = 4 * 1024 * 1024;

interface PartServices extends Stores {
  readonly engine: Engine;
  readonly workspace: Workspace;
}

/** Reads what is shown of computed cells. Fails with Fixed where all of it would be more than `most` bytes as JSON. */
export class PartReader {
  readonly #services: PartServices;
  readonly #cells: readonly Cell[];
  readonly #most: number;
  #bytes = 0;

  constructor(services: PartServices, { notebook }: AnalyzedNotebook, most = MOST_BYTES) {
    this.#services = services;
    this.#cells = notebook.cells;
    this.#most = most;
  }

  /** The cell, and the charts that draw its rows. */
  blocksOf(name: string): readonly string[] {
    return [name, ...this.#chartsOf(name).map((chart) => chart.name)];
  }

  /** By block. */
  async read(name: string, key: string, computed: ComputedCell): Promise<ReadonlyMap<string, SnapshotPart>> {
    const { engine } = this.#services;
    const { fingerprint } = computed;
    const cell = this.#cells.find((candidate) => candidate.name === name);
    const told = this.#told(key, computed);
    if (cell === undefined || fingerprint === undefined)
      return new Map(this.blocksOf(name).map((block) => [block, told]));
    const lend = rowsOfResult(this.#services, fingerprint);
    const page = await readFirstRows(engine, cell, lend);
    const parts = new Map([
      [name, this.#counted(page === undefined ? told : { ...told, rows: page.totalRows, page })],
    ]);
    for (const chart of this.#chartsOf(name)) {
      const drawn = await readChart(engine, chart, lend);
      const { outcome } = told;
      parts.set(chart.name, this.#counted({ key, outcome, ...(drawn && { chart: drawn }) }));
    }
    return parts;
  }

  #chartsOf(name: string): ChartCell[] {
    return this.#cells.filter(
      (cell): cell is ChartCell => cell.kind === "chart" && cell.from.toLowerCase() === name,
    );
  }

  #told(key: string, { fingerprint, error, checks }: ComputedCell): SnapshotPart {
    const { workspace } = this.#services;
    const isKnown = fingerprint !== undefined || checks !== undefined;
    return {
      key,
      outcome: error !== undefined ? "failed" : isKnown ? "succeeded" : "none",
      ...(error === undefined ? {} : { error: withoutRoot(error, workspace) }),
      ...(checks && {
        checks: checks.map((check) => ({ ...check, message: withoutRoot(check.message, workspace) })),
      }),
    };
  }

  #counted(part: SnapshotPart): SnapshotPart {
    this.#bytes += JSON.stringify(part).length;
    if (this.#bytes <= this.#most) return part;
    throw new Fixed(
      `the rows of all choices are more than the ${String(this.#most / 1024 / 1024)} MB that are stored`,
    );
  }
}
