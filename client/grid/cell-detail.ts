import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { formatNumber, formatType, showControls, toText } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { describeLength } from "./describe-length.js";
import type { GridColumn } from "./grid-source.js";
import { indentJson } from "./indent-json.js";
import { writeClipboard } from "./write-clipboard.js";

/** Beyond, a browser takes long to set the text, and nobody reads it here. */
const MAX_SHOWN = 200_000;
const MARGIN = 8;

export interface DetailContent {
  /** Of the column. */
  readonly title: string;
  readonly column: GridColumn;
  readonly row: number;
  readonly value: unknown;
  /** Of a value of which only the beginning is here: how long it is, and where the whole is, if it is anywhere. */
  readonly cut?: { readonly length: number; readonly url?: string | undefined };
}

/** `<cell-detail>`: one value, in a pane beside its cell: the whole of it, or its beginning and where the whole is. */
@customElement("cell-detail")
export class CellDetail extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    css`
      [popover] {
        inset: auto;
        margin: 0;
        width: max-content;
        min-width: 15rem;
        max-width: min(36rem, calc(100vw - 16px));
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-lg);
        background: var(--raised);
        box-shadow: var(--shadow-raised);
        color: var(--text);
        font: var(--size-sm) / var(--leading) var(--font-text);
      }

      header {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: 0.25rem 0.25rem 0.25rem var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      h2 {
        margin: 0;
        font-size: inherit;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: pre;
      }

      .about {
        color: var(--text-faint);
        font-size: var(--size-xs);
        white-space: nowrap;
      }

      button {
        margin-left: auto;
      }

      pre {
        max-height: min(22rem, 50vh);
        padding: var(--space-2) var(--space-3) var(--space-3);
        overflow: auto;
        font-family: var(--font-text);
        font-size: var(--size-md);
        line-height: 1.5;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }

      .cut {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-1) var(--space-3);
        margin: 0;
        padding: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
        color: var(--text-muted);
      }

      .cut a {
        color: var(--accent);
        text-underline-offset: 0.18em;
      }

      pre:focus-visible {
        outline: none;
      }

      pre.nested {
        font-family: var(--font-mono);
        font-size: var(--size-sm);
      }

      pre.absent {
        color: var(--text-faint);
        font-style: italic;
      }
    `,
  ];

  @state() private content: DetailContent | null = null;
  @state() private isCopied = false;
  @query("[popover]") private pane!: HTMLElement;
  @query("pre") private text!: HTMLElement;

  #opener: Element | null = null;
  #onClose: () => void = () => undefined;

  /** Opens beside a cell. Escape or a click elsewhere closes it; then the focus is to be given back. */
  async show(content: DetailContent, cell: DOMRect, onClose: () => void): Promise<void> {
    this.#opener = document.activeElement;
    this.#onClose = onClose;
    this.content = content;
    this.isCopied = false;
    await this.updateComplete;
    this.pane.showPopover();
    this.#place(cell);
    this.text.focus();
  }

  #place(cell: DOMRect): void {
    const { width, height } = this.pane.getBoundingClientRect();
    // Without the scroll bar, which would cover the rest.
    const right = document.documentElement.clientWidth;
    const below = cell.bottom + 2;
    const top = below + height + MARGIN > window.innerHeight ? cell.top - height - 2 : below;
    const left = Math.min(cell.left, right - width - MARGIN);
    this.pane.style.top = `${Math.max(MARGIN, top)}px`;
    this.pane.style.left = `${Math.max(MARGIN, left)}px`;
  }

  async #copy(): Promise<void> {
    if (!this.content) return;
    await writeClipboard(toText(this.content.value, this.content.column.kind));
    this.isCopied = true;
  }

  /** Gives the focus back, unless the user has put it elsewhere. */
  #onToggle(event: ToggleEvent): void {
    if (event.newState === "open") return;
    const { activeElement } = this.getRootNode() as ShadowRoot | Document;
    const isHere = activeElement === this || activeElement === null || activeElement === document.body;
    const isPageHere = document.activeElement === this.#opener || document.activeElement === document.body;
    if (isHere && isPageHere) this.#onClose();
  }

  protected override render(): TemplateResult {
    return html`<div
      popover
      role="dialog"
      aria-label="Value"
      @toggle=${(event: ToggleEvent) => this.#onToggle(event)}
    >
      ${this.content ? this.#renderContent(this.content) : nothing}
    </div>`;
  }

  #renderContent({ title, column, row, value, cut }: DetailContent): TemplateResult {
    const text = toText(value, column.kind);
    return html`<header>
        <h2>${title}</h2>
        <span class="about"
          >${formatType(column.type)} · row ${formatNumber(row + 1)}${cut ? "" : describeShown(value)}</span
        >
        <button class="quiet" @click=${() => this.#copy()}>${this.#copyLabel(cut !== undefined)}</button>
      </header>
      ${cut ? renderCut(cut, column) : nothing} ${this.#renderValue(value, column, text)}`;
  }

  #copyLabel(isCut: boolean): string {
    if (isCut) return this.isCopied ? "Copied the beginning" : "Copy beginning";
    return this.isCopied ? "Copied" : "Copy";
  }

  #renderValue(value: unknown, column: GridColumn, text: string): TemplateResult {
    if (value === null || value === undefined) return html`<pre class="absent" tabindex="0">NULL</pre>`;
    if (value === "") return html`<pre class="absent" tabindex="0">empty text</pre>`;
    const isNested = typeof value === "object" || familyOf(column.kind) === "nested";
    const shown = showControls((isNested ? indentJson(text) : text).slice(0, MAX_SHOWN), "\n\t");
    // The text stands without line breaks of the template around it: the element keeps white space.
    return html`<pre class=${isNested ? "nested" : "plain"} tabindex="0">${shown}</pre>`;
  }
}

function renderCut({ length, url }: NonNullable<DetailContent["cut"]>, column: GridColumn): TemplateResult {
  return html`<p class="cut">
    <span>Only the beginning of ${describeLength(length, column)}</span>
    ${url === undefined ? nothing : html`<a href=${url} download>Download the whole value</a>`}
  </p>`;
}

function describeShown(value: unknown): string {
  return typeof value === "string" && value.length > 20
    ? ` · ${formatNumber(Array.from(value).length)} characters`
    : "";
}

declare global {
  interface HTMLElementTagNameMap {
    "cell-detail": CellDetail;
  }
}
