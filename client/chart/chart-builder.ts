import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { scaleOf } from "../../server/chart/chart-column.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import type { ChartDraft } from "./chart-api.js";
import {
  aggregates,
  freeChartName,
  grains,
  isFreeName,
  marks,
  toChart,
  toYaml,
  type ChartChoices,
} from "./chart-choices.js";
import { suggestChoices, type KnownColumn } from "./suggest-choices.js";
import { ChartSaveEvent } from "./chart-events.js";
import "./chart-view.js";

const TYPING_MS = 300;

/**
 * `<chart-builder>`: makes a chart of a cell's columns by choosing, and shows it meanwhile.
 *
 * @fires chart-save - The chart is to be a cell; `yaml` is its body.
 */
@customElement("chart-builder")
export class ChartBuilder extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    css`
      :host {
        display: block;
        font-size: var(--size-md);
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2) var(--space-4);
        padding: var(--space-3) var(--space-4);
        border-bottom: 1px solid var(--line);
      }

      label,
      .field {
        display: inline-flex;
        flex-direction: column;
        gap: 2px;
        min-width: 0;
        color: var(--text-muted);
        font-size: var(--size-xs);
      }

      .pair {
        display: inline-flex;
        gap: 2px;
      }

      select,
      input {
        color: var(--text);
        max-width: 12rem;
      }

      .limit {
        width: 4.5rem;
      }

      .actions {
        display: flex;
        gap: var(--space-2);
        margin-left: auto;
      }

      .problem {
        flex-basis: 100%;
        margin: 0;
        color: var(--status-failed);
        font-size: var(--size-sm);
      }
    `,
  ];

  @property() notebook = "";
  /** The cell whose rows are drawn, or a dataset of the lake. */
  @property() from = "";
  @property({ attribute: false }) columns: readonly KnownColumn[] = [];
  /** Names that the new cell cannot have. */
  @property({ attribute: false }) takenNames: readonly string[] = [];
  /** Another value: the rows may have changed. */
  @property({ attribute: false }) refreshKey: unknown;
  /** Fingerprint of the rows. */
  @property({ attribute: false }) result: string | undefined;

  @state() private choices: ChartChoices = suggestChoices([], "chart");
  @state() private draft: ChartDraft | null = null;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #known = "";
  #columnNames = "";
  /** Something was chosen: what is found out later about the columns changes nothing. */
  #isChosen = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const known = JSON.stringify([this.from, this.columns]);
    if ((!changed.has("columns") && !changed.has("from")) || known === this.#known) return;
    this.#known = known;
    const names = JSON.stringify([this.from, this.columns.map(({ name, type }) => [name, type])]);
    if (names === this.#columnNames && this.#isChosen) return;
    this.#columnNames = names;
    this.#isChosen = false;
    this.choices = suggestChoices(this.columns, freeChartName(this.from, this.takenNames));
    this.#preview();
  }

  #preview(): void {
    this.draft =
      this.from === "" || this.columns.length === 0
        ? null
        : { from: this.from, chart: toChart(this.choices) };
  }

  #choose(key: keyof ChartChoices, value: string, waits = false): void {
    this.#isChosen = true;
    this.choices = { ...this.choices, [key]: value };
    clearTimeout(this.#timer);
    if (key === "name") return;
    if (waits) this.#timer = setTimeout(() => this.#preview(), TYPING_MS);
    else this.#preview();
  }

  #chooseMark(mark: string): void {
    this.#isChosen = true;
    const { x, xAggregate, y, yAggregate } = this.choices;
    const liesNow = this.choices.mark === "barX";
    const isSwapped = (mark === "barX") !== liesNow;
    const swapped = isSwapped ? { x: y, xAggregate: yAggregate, y: x, yAggregate: xAggregate } : {};
    const flip = (text: string): string => text.replace(/^[xy]\b/, (axis) => (axis === "x" ? "y" : "x"));
    this.choices = {
      ...this.choices,
      ...swapped,
      mark,
      sort: isSwapped ? flip(this.choices.sort) : this.choices.sort,
    };
    this.#preview();
  }

  protected override render(): TemplateResult {
    const { choices } = this;
    const hasTime = this.columns.some(
      (column) => column.name === choices.x && scaleOf(column) === "temporal",
    );
    const isNameFree = isFreeName(choices.name, this.takenNames);
    return html`<form @submit=${this.#onSubmit} aria-label="Chart">
        ${this.#select(
          "mark",
          "Mark",
          marks.map(([value, label]) => ({ value, label })),
        )}
        ${this.#channel("X", "x", "xAggregate")} ${this.#channel("Y", "y", "yAggregate")}
        ${this.#channel("Colour", "color", "colorAggregate")}
        ${this.#select("facet", "Side by side", this.#columnOptions("none"))}
        ${hasTime ? this.#select("grain", "Grain", options("automatic", grains)) : nothing}
        ${this.#select("sort", "Sort", options("none", ["x", "x desc", "y", "y desc"]))}
        <label
          >Limit<input
            class="limit"
            type="number"
            min="1"
            max="5000"
            .value=${choices.limit}
            @input=${(event: Event) => this.#choose("limit", valueOf(event), true)}
        /></label>
        <label
          >Title<input
            .value=${choices.title}
            autocomplete="off"
            @input=${(event: Event) => this.#choose("title", valueOf(event), true)}
        /></label>
        <label
          >Name of the cell<input
            .value=${choices.name}
            autocomplete="off"
            spellcheck="false"
            aria-invalid=${!isNameFree}
            @input=${(event: Event) => this.#choose("name", valueOf(event))}
        /></label>
        <div class="actions">
          <button class="primary" ?disabled=${!isNameFree || this.draft === null}>Add as chart cell</button>
        </div>
        ${
          isNameFree
            ? nothing
            : html`<p class="problem" role="alert">
                The name must be free, of a-z, 0-9 and _, and not begin with a digit.
              </p>`
        }
      </form>
      <chart-view
        .notebook=${this.notebook}
        .draft=${this.draft}
        .result=${this.result}
        .refreshKey=${this.refreshKey}
      ></chart-view>`;
  }

  #channel(
    label: string,
    key: "x" | "y" | "color",
    aggregateKey: "xAggregate" | "yAggregate" | "colorAggregate",
  ): TemplateResult {
    return html`<div class="field" role="group" aria-label=${label}>
      ${label}<span class="pair"
        >${this.#bare(aggregateKey, `${label}: aggregate`, options("as it is", aggregates))}
        ${this.#bare(key, `${label}: column`, this.#columnOptions(this.choices[aggregateKey] === "count" ? "rows" : "none"))}</span
      >
    </div>`;
  }

  #columnOptions(none: string): Option[] {
    return options(
      none,
      this.columns.map(({ name }) => name),
    );
  }

  #select(key: keyof ChartChoices, label: string, offered: readonly Option[]): TemplateResult {
    return html`<label>${label}${this.#bare(key, label, offered)}</label>`;
  }

  #bare(key: keyof ChartChoices, label: string, offered: readonly Option[]): TemplateResult {
    const onChange = (event: Event): void => {
      if (key === "mark") this.#chooseMark(valueOf(event));
      else this.#choose(key, valueOf(event));
    };
    return html`<select aria-label=${label} data-key=${key} @change=${onChange}>
      ${offered.map(
        (option) =>
          html`<option value=${option.value} .selected=${option.value === this.choices[key]}>
            ${option.label}
          </option>`,
      )}
    </select>`;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!isFreeName(this.choices.name, this.takenNames)) return;
    this.dispatchEvent(new ChartSaveEvent(toYaml(this.from, this.choices)));
    const taken = [...this.takenNames, this.choices.name];
    this.choices = { ...this.choices, name: freeChartName(this.from, taken) };
  };
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function options(none: string, values: readonly string[]): Option[] {
  return [{ value: "", label: none }, ...values.map((value) => ({ value, label: value }))];
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

declare global {
  interface HTMLElementTagNameMap {
    "chart-builder": ChartBuilder;
  }
}
