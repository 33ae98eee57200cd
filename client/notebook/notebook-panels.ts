import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from "lit";
import type { ScratchCell } from "../elements/scratch-cell.js";
import type { NotebookState } from "../store/notebook-state.js";
import "./notebook-outline.js";
import type { OutlinePickEvent } from "./notebook-outline.js";
import type { OutlineEntry } from "./outline-entries.js";
import { loadCode } from "../connection.js";
import { keep, kept } from "../kept.js";

const KEY = "lakebook-panel";

export interface PanelContents {
  readonly state: NotebookState;
  /** The id of a block. */
  readonly selected: string | undefined;
  readonly pick: (entry: OutlineEntry) => void;
  readonly main: TemplateResult;
  readonly graph: TemplateResult;
  readonly enlargeGraph: () => void;
}

/** What stands beside the blocks or behind them: the outline and the graph, which lie over them on a narrow screen, and the scratch cell. */
export class NotebookPanels implements ReactiveController {
  readonly #page: LitElement;
  #hasGraph = matchMedia("(min-width: 1500px)").matches;
  /** On a narrow screen, where it lies over the notebook as the graph does. */
  #hasOutline = false;
  #hasScratch = false;
  /** In the place of the outline. */
  #hasData = kept(KEY) === "data";

  constructor(page: LitElement) {
    this.#page = page;
    page.addController(this);
  }

  hostConnected(): void {
    if (this.#hasGraph) loadGraph();
    // Over a narrow screen it lies only once somebody opens it.
    if (this.#hasData && !isNarrow()) loadData();
  }

  get hasGraph(): boolean {
    return this.#hasGraph;
  }

  get hasScratch(): boolean {
    return this.#hasScratch;
  }

  render({ state, selected, pick, main, graph, enlargeGraph }: PanelContents): TemplateResult {
    return html`<div
      class="notebook ${this.#hasGraph ? "with-graph" : ""} ${this.#hasOutline ? "with-outline" : ""} ${this.#hasData ? "with-data" : ""}"
      @keydown=${this.#onKey}
    >
      <nav class="outline" aria-label=${this.#hasData ? "Data" : "Outline"}>
        <div class="outline-tabs">
          ${this.#renderTab("Outline", false)} ${this.#renderTab("Data", true)}
          <button class="close" @click=${this.#leaveOverlays}>Close</button>
        </div>
        ${
          this.#hasData
            ? html`<data-panel .notebook=${state} @data-used=${this.giveWay}></data-panel>`
            : html`<notebook-outline
                .state=${state}
                .selected=${selected}
                @outline-pick=${(event: OutlinePickEvent) => {
                  pick(event.entry);
                }}
              ></notebook-outline>`
        }
      </nav>
      ${main}
      ${
        this.#hasGraph
          ? html`<aside class="graph-pane" aria-label="Graph">
              <button class="close" @click=${this.#leaveOverlays}>Close</button>
              <button class="enlarge" @click=${enlargeGraph}>Enlarge</button>
              ${graph}
            </aside>`
          : nothing
      }
    </div>`;
  }

  #renderTab(label: string, isData: boolean): TemplateResult {
    return html`<button
      aria-pressed=${this.#hasData === isData}
      @click=${() => {
        this.showData(isData);
      }}
    >
      ${label}
    </button>`;
  }

  /** What data there is, or the cells again. */
  showData(isData: boolean): void {
    this.#hasData = isData;
    keep(KEY, isData ? "data" : "outline");
    if (isData) loadData();
    this.#page.requestUpdate();
  }

  toggleGraph(): void {
    this.#hasGraph = !this.#hasGraph;
    this.#page.requestUpdate();
    if (!this.#hasGraph) return;
    loadGraph();
    // What lies over the notebook has the focus, so that Escape closes it.
    if (isNarrow()) void this.#focus(".graph-pane .close");
  }

  /** Where it does not lie over what is looked at. */
  showGraph(): void {
    if (!this.#hasGraph && !isNarrow()) this.toggleGraph();
  }

  async showOutline(isData = this.#hasData): Promise<void> {
    this.#hasOutline = true;
    this.showData(isData);
    this.#page.requestUpdate();
    await this.#focus(this.#hasData ? ".outline-tabs button" : ".outline .line");
  }

  /** Something was picked from a list, which is to lie over the notebook no longer. */
  readonly giveWay = (): void => {
    if (isNarrow()) this.#closeOverlays();
  };

  /** With a query, unless something is written there. */
  async openScratch(sql = ""): Promise<void> {
    await loadCode(() => import("../elements/scratch-cell.js"));
    this.#hasScratch = true;
    this.#page.requestUpdate();
    await this.#page.updateComplete;
    const scratch = this.#page.querySelector<ScratchCell>("scratch-cell");
    scratch?.begin(sql);
    scratch?.scrollIntoView({ block: "nearest" });
    scratch?.focus();
  }

  closeScratch(): void {
    this.#hasScratch = false;
    this.#page.requestUpdate();
  }

  #closeOverlays(): void {
    this.#hasOutline = this.#hasGraph = false;
    this.#page.requestUpdate();
  }

  /** Without going anywhere: the focus is where it came from. */
  readonly #leaveOverlays = (): void => {
    const opener = this.#hasOutline ? ".outline-toggle" : ".graph-toggle";
    this.#closeOverlays();
    void this.#focus(opener);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || !isNarrow()) return;
    if (this.#hasOutline || this.#hasGraph) this.#leaveOverlays();
  };

  async #focus(selector: string): Promise<void> {
    await this.#page.updateComplete;
    this.#page.querySelector<HTMLElement>(selector)?.focus();
  }
}

/** Where they lie over the notebook, as narrow.css has it. */
function isNarrow(): boolean {
  return matchMedia("(width < 900px)").matches;
}

function loadData(): void {
  void loadCode(() => import("../data/data-panel.js"));
}

function loadGraph(): void {
  void loadCode(() => import("./notebook-graph.js"));
}
