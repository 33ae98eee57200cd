import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { CellFacts } from "../store/document.js";
import { ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { may, whyNot } from "../session.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { fetchOptions } from "./control-api.js";
import { cellControlStyles } from "./cell-control-styles.js";
import {
  ControlChangeEvent,
  ControlRunEvent,
  type ControlScalar,
  type ControlValue,
} from "./control-events.js";
import {
  chosenOf,
  formatOption,
  formatSlider,
  parseTyped,
  readSettings,
  type ControlSettings,
} from "./control-options.js";
import { renderIcon } from "../styles/icon.js";
import { isPartOfDate } from "../typed-date.js";

/** Up to here several values are shown as boxes to tick, beyond in a list that scrolls. */
const FEW = 8;
const MAX_REFUSED = 40;

/**
 * `<cell-control>`: the question of an input cell. It shows the value that it is given, and tells of another one.
 *
 * @fires control-change - The reader chose another value, typed as the parameter is.
 * @fires control-run - The cell is to be run from which the choices come.
 */
@customElement("cell-control")
export class CellControl extends LitElement {
  static override styles = [resetStyles, controlStyles, cellControlStyles];

  @property() notebook = "";
  @property({ attribute: false }) cell: CellFacts | null = null;
  /** Undefined: the default of the notebook. */
  @property({ attribute: false }) value: ControlValue | undefined;
  /** Another value: what is offered may have changed. */
  @property({ attribute: false }) refreshKey: unknown;
  @property({ type: Boolean, reflect: true }) disabled = false;

  @state() private offered: readonly ControlScalar[] | null = null;
  @state() private isTruncated = false;
  @state() private problem: string | null = null;
  /** Its choices come from a cell that has not run. */
  @state() private neverRun: string | null = null;
  @state() private dragged: number | null = null;
  /** What was typed and is not taken. */
  @state() private refused: { readonly text: string } | undefined;

  #abort: AbortController | undefined;
  readonly #again = new AskAgain(this, () => void this.#loadOptions());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("input, select")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value")) [this.dragged, this.refused] = [null, undefined];
    if (!changed.has("cell") && !changed.has("notebook") && !changed.has("refreshKey")) return;
    const options = this.#settings?.options;
    if (options === undefined) this.offered = null;
    else if ("values" in options) this.offered = options.values;
    else void this.#loadOptions();
  }

  get #settings(): ControlSettings | undefined {
    return this.cell === null ? undefined : readSettings(this.cell);
  }

  get #value(): ControlValue {
    return this.value === undefined ? (this.#settings?.parameter.defaultValue ?? null) : this.value;
  }

  async #loadOptions(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    if (this.cell === null || this.notebook === "") return;
    try {
      const { values, isTruncated } = await fetchOptions(this.notebook, this.cell.name, abort.signal);
      if (abort.signal.aborted) return;
      this.#again.note();
      [this.offered, this.isTruncated, this.problem, this.neverRun] = [values, isTruncated, null, null];
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      const { neverRun } = error.details;
      this.neverRun = typeof neverRun === "string" ? neverRun : null;
      this.problem = this.neverRun === null ? [error.message, error.hint].filter(Boolean).join(" ") : null;
    }
  }

  #tellTyped(field: HTMLInputElement, settings: ControlSettings): void {
    const { value: text, validity } = field;
    const value = validity.badInput ? undefined : parseTyped(text, settings);
    if (value !== undefined) {
      this.#tell(value);
      return;
    }
    this.refused = { text: text.slice(0, MAX_REFUSED) };
    field.value = this.#shownText();
  }

  #shownText(): string {
    const value = this.#value;
    return value === null || Array.isArray(value) ? "" : String(value);
  }

  #tell(value: ControlValue): void {
    this.refused = undefined;
    if (this.cell === null || isSame(value, this.#value)) return;
    this.dispatchEvent(new ControlChangeEvent(this.cell.name, value));
  }

  protected override render(): TemplateResult | typeof nothing {
    const settings = this.#settings;
    if (settings === undefined || this.cell === null) return nothing;
    const { label = this.cell.name, description, inputType, parameter } = settings;
    const isGroup = parameter.isList;
    const name = html`${label}${description === undefined ? nothing : html`<span class="description" id="description">${description}</span>`}`;
    const body = this.#renderControl(settings);
    if (isGroup)
      return html`<fieldset ?disabled=${this.disabled}>
        <legend>${name}</legend>
        ${body}${this.#renderNote()}
      </fieldset>`;
    if (inputType === "checkbox")
      return html`<div class="row">
        <label class="tick">${body}<span>${name}</span></label>
      </div>`;
    return html`<div class="row">
      <label for="control">${name}</label>
      ${body}${this.#renderNote()}
    </div>`;
  }

  #renderNote(): TemplateResult | typeof nothing {
    if (this.problem !== null)
      return html`<p class="note problem" role="status">
        ${this.problem} <button type="button" @click=${() => void this.#loadOptions()}>Try again</button>
      </p>`;
    if (this.neverRun !== null) return this.#renderNeverRun(this.neverRun);
    if (this.refused !== undefined)
      return html`<p class="note problem" role="alert">
        ${this.refused.text === "" ? "That" : `"${this.refused.text}"`} is not taken. ${this.#expectation()}
      </p>`;
    if (this.isTruncated)
      return html`<p class="note">Only the first ${this.offered?.length} values are offered.</p>`;
    return nothing;
  }

  #renderNeverRun(cell: string): TemplateResult {
    return html`<p class="note" role="status">
      The choices come from <code>${cell}</code>, which has not run yet.
      ${
        may("run")
          ? html`<button type="button" @click=${() => this.dispatchEvent(new ControlRunEvent(cell))}>
              ${renderIcon("run")} Run ${cell}
            </button>`
          : whyNot("run")
      }
    </p>`;
  }

  #expectation(): string {
    const { min, max, parameter } = this.#settings ?? {};
    const what =
      parameter?.type === "integer" ? "a whole number" : parameter?.type === "date" ? "a date" : "a number";
    const bounds = [
      ...(min === undefined ? [] : [`from ${String(min)}`]),
      ...(max === undefined ? [] : [`up to ${String(max)}`]),
    ];
    return `This must be ${[what, ...bounds].join(" ")}.`;
  }

  #renderControl(settings: ControlSettings): TemplateResult {
    switch (settings.inputType) {
      case "select":
        return settings.parameter.isList ? this.#renderSeveral() : this.#renderSelect();
      case "checkbox":
        return html`<input
          id="control"
          type="checkbox"
          .checked=${live(this.#value === true)}
          ?disabled=${this.disabled}
          @change=${(event: Event) => this.#tell((event.target as HTMLInputElement).checked)}
        />`;
      case "slider":
        return this.#renderSlider(settings);
      case "text":
      case "number":
      case "date":
        return this.#renderField(settings);
    }
  }

  #renderSelect(): TemplateResult {
    const offered = this.offered ?? [];
    const [value = null] = chosenOf(this.#value);
    // What was chosen before stays visible, also where it is no longer offered.
    const isMissing = value !== null && !offered.includes(value);
    const all = isMissing ? [value, ...offered] : offered;
    return html`<select
      id="control"
      ?disabled=${this.disabled || all.length === 0}
      @change=${(event: Event) => this.#tell(all[Number((event.target as HTMLSelectElement).value)] ?? null)}
    >
      ${value === null ? html`<option value="-1" selected>Choose …</option>` : nothing}
      ${all.map(
        (option, index) =>
          html`<option value=${index} .selected=${live(option === value)}>
            ${formatOption(option)}${isMissing && index === 0 && this.offered !== null ? " (not offered)" : ""}
          </option>`,
      )}
    </select>`;
  }

  #renderSeveral(): TemplateResult {
    const chosen = chosenOf(this.#value);
    const offered = [...new Set([...(this.offered ?? []), ...chosen])];
    const hasAll = offered.length > 0 && offered.every((option) => chosen.includes(option));
    const toggle = (option: ControlScalar, isOn: boolean): void => {
      this.#tell(offered.filter((other) => (other === option ? isOn : chosen.includes(other))));
    };
    return html`<div class="options ${offered.length > FEW ? "is-long" : ""}">
      <label class="tick all">
        <input
          type="checkbox"
          .checked=${live(hasAll)}
          .indeterminate=${live(!hasAll && chosen.length > 0)}
          @change=${(event: Event) => this.#tell((event.target as HTMLInputElement).checked ? offered : [])}
        /><span>All</span>
      </label>
      ${offered.map(
        (option) =>
          html`<label class="tick">
            <input
              type="checkbox"
              .checked=${live(chosen.includes(option))}
              @change=${(event: Event) => toggle(option, (event.target as HTMLInputElement).checked)}
            /><span>${formatOption(option)}</span>
          </label>`,
      )}
    </div>`;
  }

  #renderSlider({ min = 0, max = 100, step, parameter }: ControlSettings): TemplateResult {
    const value = this.dragged ?? Number(this.#value ?? min);
    const read = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;
    const increment = step ?? (parameter.type === "integer" ? 1 : "any");
    return html`<span class="slider">
      <input
        id="control"
        type="range"
        min=${min}
        max=${max}
        step=${increment}
        .value=${live(String(value))}
        ?disabled=${this.disabled}
        @input=${(event: Event) => (this.dragged = read(event))}
        @change=${(event: Event) => this.#tell(read(event))}
      />
      <output for="control">${formatSlider(value, step)}</output>
    </span>`;
  }

  #renderField(settings: ControlSettings): TemplateResult {
    const { inputType, min, max, step, parameter } = settings;
    const increment = step ?? (parameter.type === "integer" ? 1 : "any");
    const isNumber = inputType === "number";
    // Not live: what somebody types stays, whatever else is drawn anew meanwhile.
    return html`<input
      id="control"
      type=${inputType}
      min=${isNumber && min !== undefined ? min : nothing}
      max=${isNumber && max !== undefined ? max : nothing}
      step=${isNumber ? increment : nothing}
      autocomplete="off"
      .value=${this.#shownText()}
      aria-invalid=${this.refused !== undefined}
      ?disabled=${this.disabled}
      @change=${({ target }: Event) => {
        const field = target as HTMLInputElement;
        if (!isPartOfDate(field)) this.#tellTyped(field, settings);
      }}
      @blur=${({ target }: Event) => {
        if (inputType === "date") this.#tellTyped(target as HTMLInputElement, settings);
      }}
    />`;
  }
}

function isSame(a: ControlValue, b: ControlValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

declare global {
  interface HTMLElementTagNameMap {
    "cell-control": CellControl;
  }
}
