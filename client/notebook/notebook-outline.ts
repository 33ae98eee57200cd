import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { cellKinds, isStepKind } from "../../server/notebook/cell-kinds.js";
import { shapeOfKind } from "../kinds/kinds.js";
import { describeVerdict, verdictOf } from "../../server/notebook/verdict.js";
import { formatNumber } from "../../server/text/format.js";
import type { CellFacts } from "../store/document.js";
import { proposedCells, type NotebookState } from "../store/notebook-state.js";
import { standingIn } from "../store/overall.js";
import { shownChecks, shownRecord } from "../store/standing.js";
import { plainReason } from "../elements/reason.js";
import { markOf, renderStatusMark, wordOf } from "../styles/status-mark.js";
import { outlineEntries, type OutlineEntry } from "./outline-entries.js";
import { ReadingPlace } from "./reading-place.js";

/** A line of the outline was picked. */
export class OutlinePickEvent extends Event {
  readonly entry: OutlineEntry;

  constructor(entry: OutlineEntry) {
    super("outline-pick", { bubbles: true, composed: true });
    this.entry = entry;
  }
}

/**
 * `<notebook-outline>`: the headings of the prose and the cells with their standing, beside the notebook; what can be seen of it is marked.
 *
 * @fires outline-pick - A line was picked.
 */
@customElement("notebook-outline")
export class NotebookOutline extends LitElement {
  @property({ attribute: false }) state!: NotebookState;
  /** The id of a block. */
  @property({ attribute: false }) selected: string | undefined;
  readonly #place = new ReadingPlace(this, () => this.#entries);
  #entries: readonly OutlineEntry[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { document } = this.state;
    if (changed.has("state")) this.#entries = document === undefined ? [] : outlineEntries(document);
  }

  /** A long outline goes along, unless it is used. */
  protected override updated(): void {
    if (this.matches(":hover, :focus-within")) return;
    this.#bringIntoSight(this.querySelector(".in-sight"));
  }

  /** Not by scrollIntoView, which would scroll the page too. */
  #bringIntoSight(line: Element | null): void {
    const list = this.closest(".outline");
    if (line === null || list === null) return;
    const [{ top, bottom }, frame] = [line.getBoundingClientRect(), list.getBoundingClientRect()];
    const edge = frame.height / 4;
    if (top < frame.top) list.scrollTop += top - frame.top - edge;
    else if (bottom > frame.bottom - edge) list.scrollTop += bottom - frame.bottom + edge;
  }

  protected override render(): TemplateResult {
    const asked = askedCells(this.state);
    const proposed = new Set(proposedCells(this.state));
    const here = this.#place.heading;
    return html`${this.#entries.map((entry, at) =>
      "heading" in entry
        ? this.#renderHeading(entry, at, at === here)
        : this.#renderCell(entry, at, { asked, proposed }),
    )}`;
  }

  #renderHeading(
    entry: Extract<OutlineEntry, { readonly heading: unknown }>,
    at: number,
    isHere: boolean,
  ): TemplateResult {
    const { level, text } = entry.heading;
    return html`<button
      class="line heading level-${Math.min(level, 4)} ${this.#place.holds(at) ? "in-sight" : ""}"
      aria-current=${isHere ? "location" : "false"}
      title=${text}
      @click=${() => this.dispatchEvent(new OutlinePickEvent(entry))}
    >
      ${text}
    </button>`;
  }

  #renderCell(
    entry: Extract<OutlineEntry, { readonly cell: unknown }>,
    at: number,
    { asked, proposed }: { readonly asked: ReadonlySet<string>; readonly proposed: ReadonlySet<string> },
  ): TemplateResult {
    const { block, cell, label } = entry;
    const { name: notebook, runs, forecast } = this.state;
    const record = shownRecord(forecast.get(cell.name), runs.cells.get(cell.name));
    const checks = shownChecks(this.state, cell.name);
    const verdict = verdictOf(checks);
    return html`<a
      href="#/notebooks/${encodeURIComponent(notebook)}/${cell.name}"
      class="line ${cell.kind} ${this.#place.holds(at) ? "in-sight" : ""}"
      aria-current=${this.selected === block ? "true" : "false"}
      @click=${(event: Event) => {
        event.preventDefault();
        this.dispatchEvent(new OutlinePickEvent(entry));
      }}
    >
      <span class="outline-mark">${this.#renderMark(cell)}</span>
      <span class="outline-name" title=${cell.name}>${label}</span>
      ${
        asked.has(cell.name)
          ? html`<span class="outline-asked" title="Two changed it: choose what stays">choose</span>`
          : proposed.has(cell.name)
            ? html`<span class="outline-asked" title="An edit is proposed: accept or reject it"
                >proposal</span
              >`
            : nothing
      }
      ${
        verdict !== undefined && cellKinds[cell.kind].isRelation
          ? html`<span class="outline-verdict ${verdict}" title=${plainReason(describeVerdict(checks))}
              >${wordOf(`check-${verdict}`)}</span
            >`
          : html`<span class="outline-rows"
              >${record?.rows === undefined ? nothing : formatNumber(record.rows)}</span
            >`
      }
    </a>`;
  }

  #renderMark(cell: CellFacts): TemplateResult {
    if (cell.hasErrors || isStepKind(cell.kind))
      return renderStatusMark(markOf(standingIn(this.state, cell)));
    return failsTest(this.state, cell) ? renderStatusMark("failed") : renderKind(cell);
  }
}

/** It was run, and did not pass then. */
function failsTest({ tests }: NotebookState, { name, kind }: CellFacts): boolean {
  const result = kind === "test" ? tests.get(name)?.result : undefined;
  return result !== undefined && result.outcome !== "passed";
}

/** Those that two changed, and nobody has decided. */
function askedCells({ conflicts, document }: NotebookState): ReadonlySet<string> {
  const blocks = new Set(conflicts.map(({ block }) => block));
  return new Set(
    (document?.blocks ?? []).flatMap(({ id, cell }) => (blocks.has(id) ? (cell?.name ?? []) : [])),
  );
}

function renderKind({ kind }: CellFacts): TemplateResult {
  return html`<svg class="kind-mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
    ${shapeOfKind(kind)}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "notebook-outline": NotebookOutline;
  }

  interface HTMLElementEventMap {
    "outline-pick": OutlinePickEvent;
  }
}
