import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Api, CellRecord, LocatedDiagnostic } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { may, session } from "../session.js";
import type { CellFacts } from "../store/document.js";
import type { CellProgress } from "../store/run-state.js";

type Problem = Api["GET /api/spark"]["answer"]["problem"];

/** Of all cells of the page: the server looks at the cluster once. */
let asked: Promise<Problem> | undefined;

/** `<cell-engine>`: where a cell is computed, how far that is, or why it cannot be. */
@customElement("cell-engine")
export class CellEngine extends LitElement {
  @property({ attribute: false }) cell!: CellFacts;
  @property({ attribute: false }) diagnostics: readonly LocatedDiagnostic[] = [];
  @property({ attribute: false }) record: CellRecord | undefined;
  @property({ attribute: false }) progress: CellProgress | undefined;
  @state() private problem: Problem;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get #isAsking(): boolean {
    return this.cell.options["engine"] === "spark";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("record");
    const hasEnded = before !== undefined && before.status !== "idle" && this.record?.status === "idle";
    // It may be there by now, or gone.
    if (hasEnded && this.#isAsking) asked = undefined;
    if (this.#isAsking && (hasEnded || !this.hasUpdated)) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (session.me?.hasSpark !== true || !may("run")) return;
    asked ??= api.spark().then(
      ({ problem }) => problem,
      () => undefined,
    );
    this.problem = await asked;
  }

  override render(): TemplateResult {
    if (!this.#isAsking) return html`<span class="badge">duckdb</span>`;
    const why = this.#why();
    if (why !== undefined)
      return html`<span class="badge failed engine-why">can't run on Spark: ${why}</span>`;
    return html`<span class="badge">spark</span> ${this.#renderTasks()}`;
  }

  #why(): string | undefined {
    const misfit = this.diagnostics.find(({ code }) => code === "not-on-spark");
    if (misfit !== undefined) return misfit.message.replace(/^Spark can't run this: /, "");
    if (session.me?.hasSpark !== true) return "no Spark is set on this server";
    return this.problem?.message;
  }

  #renderTasks(): TemplateResult | typeof nothing {
    const tasks = this.record?.status === "running" ? this.progress?.tasks : undefined;
    if (tasks === undefined) return nothing;
    const { done, total, running } = tasks;
    return html`<span class="tasks"
      >${String(done)} of ${formatCount(total, "task")}, ${String(running)} running</span
    >`;
  }
}
