import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { QueryAnswer } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import "../grid/data-grid.js";
import "../styles/live-result.css";
import { renderOutdated, toSource } from "./query-preview.js";

/** What the text of a cell gives while it is typed. */
export interface LiveResult {
  readonly answer?: QueryAnswer;
  /** Told once the typist pauses. */
  readonly problem?: string;
  /** The answer is of an earlier text. */
  readonly isOld: boolean;
}

/** `<live-result>`: what the text above gives while it is typed. As high whatever it shows, so that nothing moves. */
@customElement("live-result")
export class LiveResultView extends LitElement {
  @property({ attribute: false }) result: LiveResult = { isOld: true };
  /** How numbers are shown, by their column. */
  @property({ attribute: false }) formats: Readonly<Record<string, string>> = {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { answer, problem, isOld } = this.result;
    return html`<section class="live" aria-label="Live" ?data-old=${isOld}>
      <p class="note" aria-live="polite">
        ${problem === undefined ? this.#words() : html`<span class="problem">${problem}</span>`}
      </p>
      ${
        answer === undefined
          ? html`<div class="skeleton" ?hidden=${problem !== undefined}></div>`
          : html`<data-grid
              .source=${toSource(answer)}
              .formats=${this.formats}
              label="Live rows"
              plain
              ?stale=${isOld || answer.outdated !== undefined}
            ></data-grid>`
      }
    </section>`;
  }

  #words(): TemplateResult {
    const { answer } = this.result;
    if (answer === undefined) return html`Live: while you type`;
    const rows = formatCount(answer.rows.length, "row");
    return html`Live:
    ${answer.truncated ? `first ${rows}` : rows}${
      answer.isSampled === true ? ", a sample: of what it reads only the first 10,000 rows each" : ""
    }${answer.outdated === undefined ? "" : html`; of ${renderOutdated(answer.outdated)}`}`;
  }
}
