import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { FollowSpark, sparkStanding, type EngineStanding } from "../elements/spark-standing.js";
import type { ColumnWay } from "../graph/column-way.js";
import { CellSelectEvent } from "../graph/dependency-graph.js";
import type { GraphCell, GraphEdge } from "../graph/graph-cell.js";
import { sourcesOf } from "../graph/graph-sources.js";
import { tellsEngine } from "../session.js";
import { diagnosticsOf } from "../store/document.js";
import type { NotebookState } from "../store/notebook-state.js";
import { standingIn } from "../store/overall.js";
import { shownRecord } from "../store/standing.js";

/** `<notebook-graph>`: the cells as the graph draws them, each with how it stands and where it is computed. */
@customElement("notebook-graph")
export class NotebookGraph extends LitElement {
  @property({ attribute: false }) state!: NotebookState;
  @property({ attribute: false }) selected: string | undefined;
  @property({ attribute: false }) way: ColumnWay | undefined;

  constructor() {
    super();
    new FollowSpark(this);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { view, runs, forecast } = this.state;
    const engines = this.#engines();
    const broken = new Set(view?.cells.flatMap(({ name, hasErrors }) => (hasErrors ? [name] : [])));
    const cells = (view?.graph.cells ?? []).map(({ name, kind }): GraphCell => {
      const record = shownRecord(forecast.get(name), runs.cells.get(name));
      const engine = engines.get(name);
      return {
        ...standingIn(this.state, { name, kind, hasErrors: broken.has(name) }),
        name,
        kind,
        ...(record?.rows === undefined ? {} : { rows: record.rows }),
        ...(record?.durationMs === undefined ? {} : { durationMs: record.durationMs }),
        ...(engine === undefined ? {} : { engine }),
      };
    });
    const sources = sourcesOf(view?.cells ?? []);
    return html`<dependency-graph
      .cells=${[...sources.cells, ...cells]}
      .edges=${[...sources.edges, ...(view?.graph.edges ?? [])]}
      @cell-select=${(event: CellSelectEvent) => {
        this.#onSelect(event, sources.edges);
      }}
      .selected=${this.selected ?? null}
      .way=${this.way ?? null}
    ></dependency-graph>`;
  }

  /** What lies outside of the notebook leads to the first cell that reads it. */
  #onSelect(event: CellSelectEvent, edges: readonly GraphEdge[]): void {
    const reader = edges.find(([source]) => source === event.name)?.[1];
    if (reader === undefined) return;
    event.stopPropagation();
    this.dispatchEvent(new CellSelectEvent(reader));
  }

  #engines(): ReadonlyMap<string, EngineStanding> {
    const { document, view } = this.state;
    const found = new Map<string, EngineStanding>();
    if (document === undefined || view === undefined) return found;
    const diagnostics = diagnosticsOf(document, view.diagnostics);
    for (const { id, cell } of document.blocks) {
      if (cell === undefined || !tellsEngine(cell)) continue;
      const standing = sparkStanding.of(cell, diagnostics.get(id) ?? []);
      if (standing.engine !== "duckdb") sparkStanding.ask();
      found.set(cell.name, standing);
    }
    return found;
  }
}
