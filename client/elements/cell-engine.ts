import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CellRecord, LocatedDiagnostic } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import type { CellFacts } from "../store/document.js";
import type { CellProgress } from "../store/run-state.js";
import { FollowSpark, sparkStanding } from "./spark-standing.js";

/** `<cell-engine>`: where a cell is computed, how far that is, or why it cannot be. */
@customElement("cell-engine")
export class CellEngine extends LitElement {
  @property({ attribute: false }) cell!: CellFacts;
  @property({ attribute: false }) diagnostics: readonly LocatedDiagnostic[] = [];
  @property({ attribute: false }) record: CellRecord | undefined;
  @property({ attribute: false }) progress: CellProgress | undefined;

  constructor() {
    super();
    new FollowSpark(this);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.cell.options["engine"] !== "spark") return;
    const before = changed.get("record");
    const hasEnded = before !== undefined && before.status !== "idle" && this.record?.status === "idle";
    if (hasEnded) sparkStanding.askAgain();
    else sparkStanding.ask();
  }

  override render(): TemplateResult {
    const { engine, words } = sparkStanding.of(this.cell, this.diagnostics);
    if (engine === "none") return html`<span class="badge failed engine-why">${words}</span>`;
    return html`<span class="badge">${words}</span> ${this.#renderTasks()}`;
  }

  #renderTasks(): TemplateResult | typeof nothing {
    const tasks = this.record?.status === "running" ? this.progress?.tasks : undefined;
    // Before Spark has a plan there are none.
    if (tasks === undefined || tasks.total === 0) return nothing;
    const { done, total, running } = tasks;
    return html`<span class="tasks"
      >${String(done)} of ${formatCount(total, "task")}, ${String(running)} running</span
    >`;
  }
}
