import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import {
  layOut,
  readWidth,
  titleOf,
  type OutlineEntry,
  type Report,
  type ReportBlock,
  type ReportItem,
  type ReportPart,
} from "../../server/report/lay-out.js";
import { describeVerdict, verdictOf } from "../../server/notebook/verdict.js";
import "../controls/cell-control.js";
import type {} from "../controls/control-events.js";
import { plainReason } from "../elements/reason.js";
import { ownValue } from "../own-value.js";
import { toHash } from "../router.js";
import { sourceOf, type CellFacts, type NotebookDocument } from "../store/document.js";
import type { NotebookState } from "../store/notebook-state.js";
import { hasResult } from "../store/run-state.js";
import { isOld, isStale, shownChecks, shownRecord } from "../store/standing.js";
import { ReportParameterEvent } from "./report-events.js";
import { present, type Presentation } from "./present.js";
import "./report-elements.js";
import "./report-rows.js";
import "../styles/report.css";

const noFormats = {};

/**
 * `<report-view>`: the notebook for people who do not read SQL: prose, charts, tables and controls.
 *
 * @fires report-parameter - A control was set.
 */
@customElement("report-view")
export class ReportView extends LitElement {
  @property({ attribute: false }) notebook!: NotebookState;
  /** The cell that the address names. */
  @property() target: string | undefined;
  /** Of the address, to be kept in links. */
  @property() choices = "";
  #report: Report<CellFacts> = { sections: [], outline: [] };
  #laidOut: { readonly document?: NotebookDocument | undefined; readonly checks: string } = { checks: "" };
  #presentation: Presentation | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#presentation?.end();
  }

  protected override willUpdate(): void {
    const { document } = this.notebook;
    const bad = (document?.blocks ?? []).filter(({ cell }) => cell?.kind === "check" && this.#isBad(cell));
    const checks = bad.map(({ id }) => id).join(" ");
    if (document === this.#laidOut.document && checks === this.#laidOut.checks) return;
    this.#laidOut = { document, checks };
    this.#report = layOut(this.#blocks());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("target") && this.target !== undefined) this.#goTo(this.target);
  }

  #blocks(): ReportBlock<CellFacts>[] {
    return (this.notebook.document?.blocks ?? []).flatMap((block): ReportBlock<CellFacts>[] => {
      if (block.type === "prose") return [{ type: "prose", text: block.source }];
      const { cell, isUnread } = block;
      if (cell === undefined || isUnread === true || cell.kind === "test") return [];
      if (cell.kind === "check" && !this.#isBad(cell)) return [];
      const { name, kind, options } = cell;
      const width = readWidth(options["width"]);
      return [{ type: "cell", name, kind, width, title: titleOf(name, options), cell }];
    });
  }

  #labels(): ReadonlyMap<string, string> {
    const cells = (this.notebook.document?.blocks ?? []).flatMap(({ cell }) => cell ?? []);
    const controls = cells.filter(({ kind }) => kind === "input");
    return new Map(controls.map(({ name, options }) => [name, titleOf(name, options)]));
  }

  #isBad({ name }: CellFacts): boolean {
    return verdictOf(shownChecks(this.notebook, name)) !== undefined;
  }

  /** Full screen, section by section. */
  present(): void {
    const report = this.querySelector<HTMLElement>(".report");
    if (report !== null) this.#presentation = present(report);
  }

  override render(): TemplateResult {
    const { sections, outline } = this.#report;
    return html`<div class="report">
      <button
        class="present-button outlined"
        title="Full screen, section by section"
        @click=${() => {
          this.present();
        }}
      >
        Present
      </button>
      <nav class="report-outline" aria-label="Contents">
        ${outline.map((entry) => this.#renderEntry(entry))}
      </nav>
      <details class="report-contents">
        <summary>Contents</summary>
        <nav aria-label="Contents" @click=${closeContents}>
          ${outline.map((entry) => this.#renderEntry(entry))}
        </nav>
      </details>
      <main class="report-main">
        ${sections.map(
          ({ parts }) => html`<section class="report-section">${this.#renderParts(parts)}</section>`,
        )}
      </main>
    </div>`;
  }

  #renderEntry({ id, text, depth, isCell }: OutlineEntry): TemplateResult {
    const { name } = this.notebook;
    const cell = isCell ? { cell: id } : {};
    return html`<a
      class="depth-${depth}"
      href=${toHash({ page: "notebook", name, view: "report", choices: this.choices, ...cell })}
      @click=${(event: Event) => {
        if (isCell) return;
        event.preventDefault();
        this.#goTo(id);
      }}
      >${text}</a
    >`;
  }

  #goTo(id: string): void {
    const found = [...this.querySelectorAll("[id]")].find((element) => element.id === id);
    found?.scrollIntoView({ block: "start" });
  }

  #renderParts(parts: readonly ReportPart<CellFacts>[]): unknown {
    return repeat(parts, keyOfPart, (part) => {
      switch (part.type) {
        case "prose":
          return html`<div class="prose">${unsafeHTML(part.html)}</div>`;
        case "controls":
          return html`<div class="report-controls">
            ${part.items.map((item) => this.#renderControl(item))}
          </div>`;
        case "item":
          return part.item.kind === "input" ? this.#renderControl(part.item) : this.#renderCard(part.item);
      }
    });
  }

  #renderControl({ name, width, cell }: ReportItem<CellFacts>): TemplateResult {
    const { runs, parameters } = this.notebook;
    return html`<cell-control
      id=${name}
      data-width=${width ?? nothing}
      .notebook=${this.notebook.name}
      .cell=${cell}
      .value=${ownValue(parameters, name)}
      .refreshKey=${runs.run?.isRunning === false ? runs.run.id : ""}
      @control-change=${(event: Event & { readonly name: string; readonly value: unknown }) =>
        this.dispatchEvent(new ReportParameterEvent(event.name, event.value))}
    ></cell-control>`;
  }

  #renderCard(item: ReportItem<CellFacts>): TemplateResult {
    const { name, kind, width, title, level, cell } = item;
    const from = kind === "chart" ? sourceOf(cell) : name;
    const forecast = this.notebook.forecast.get(from);
    const record = shownRecord(forecast, this.notebook.runs.cells.get(from));
    const isShown = hasResult(record) && record.fingerprint !== undefined;
    const isBehind = isStale(forecast, record);
    const notes = html`${isShown && isBehind ? html`<p class="old">Out of date: ${plainReason(forecast?.reason ?? "", this.#labels())}</p>` : nothing}
    ${record?.error === undefined || kind === "check" ? nothing : html`<p class="bad">${record.error.message}</p>`}
    ${kind === "chart" ? nothing : this.#renderVerdict(name)}`;
    const isTitled = !isShown || kind !== "chart";
    return html`<div class="report-card" id=${name} data-width=${width ?? nothing}>
      ${isTitled ? html`<h3 aria-level=${level}>${title}</h3>` : nothing}${notes}
      ${
        kind === "check"
          ? nothing
          : !isShown
            ? record?.error === undefined
              ? html`<p>It has not run: there is nothing to show yet.</p>`
              : nothing
            : kind === "chart"
              ? html`<report-chart
                  .notebook=${this.notebook.name}
                  .cell=${name}
                  .title=${title}
                  .level=${level}
                  ?hasLegend=${cell.options["color"] !== undefined}
                  .source=${from}
                  .result=${record.fingerprint}
                  .refreshKey=${[JSON.stringify(cell.options), record.fingerprint, record.version ?? "", record.finishedAt ?? ""].join(" ")}
                  ?stale=${isOld(forecast, record)}
                ></report-chart>`
              : html`<report-rows
                  .notebook=${this.notebook.name}
                  .cell=${name}
                  .title=${title}
                  .width=${width}
                  .result=${record.fingerprint}
                  .total=${record.rows}
                  .formats=${cell.options["format"] ?? noFormats}
                  ?stale=${isOld(forecast, record)}
                ></report-rows>`
      }
    </div>`;
  }

  #renderVerdict(name: string): TemplateResult | typeof nothing {
    const checks = shownChecks(this.notebook, name);
    const verdict = verdictOf(checks);
    if (verdict === undefined) return nothing;
    return html`<p class=${verdict === "failed" ? "bad" : "old"}>${plainReason(describeVerdict(checks))}</p>`;
  }
}

/** It has led to where it should. */
function closeContents(event: Event): void {
  (event.currentTarget as HTMLElement).closest("details")?.removeAttribute("open");
}

function keyOfPart<T>(part: ReportPart<T>, index: number): string {
  return part.type === "item" ? `cell ${part.item.name}` : `${part.type} ${String(index)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "report-view": ReportView;
  }
}
