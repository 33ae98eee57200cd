import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyOf, type GridColumn } from "../grid/grid-source.js";
import {
  aggregateWords,
  canGroup,
  canPivot,
  columnsOf,
  firstChoices,
  grainWords,
  groupOf,
  hasGrains,
  measureBy,
  MOST_PARTS,
  nextGroup,
  nextMeasure,
  titleOfKey,
  type Aggregate,
  type ChosenGroup,
  type ChosenMeasure,
  type Grain,
  type SummaryChoices,
} from "./summary-choices.js";
import { renderIcon } from "../styles/icon.js";

type Options = readonly (readonly [value: string, label: string])[];

/** Something else was chosen. */
export class SummaryChangeEvent extends Event {
  readonly choices: SummaryChoices;

  constructor(choices: SummaryChoices) {
    super("summary-change", { bubbles: true });
    this.choices = choices;
  }
}

/**
 * `<summary-form>`: which groups of rows, which columns, which measures.
 *
 * @fires summary-change - Something else was chosen.
 */
@customElement("summary-form")
export class SummaryForm extends LitElement {
  @property({ attribute: false }) columns: readonly GridColumn[] = [];
  @property({ attribute: false }) choices: SummaryChoices = firstChoices([], []);
  /** There are more values than get columns. */
  @property({ type: Boolean }) hasOthers = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`${this.#renderGroups()} ${this.#renderPivot()} ${this.#renderMeasures()}`;
  }

  #change(choices: SummaryChoices): void {
    this.dispatchEvent(new SummaryChangeEvent(choices));
  }

  #renderGroups(): TemplateResult {
    const { groupBy } = this.choices;
    const next = nextGroup(this.choices, this.columns);
    const put = (groups: readonly ChosenGroup[]): void => {
      this.#change({ ...this.choices, groupBy: groups });
    };
    return html`<fieldset data-part="groups">
      <legend>Rows</legend>
      ${groupBy.map(
        (group, index) =>
          html`<div class="part">
            ${this.#renderGroup(`Row ${String(index + 1)}`, group, canGroup, (other) => {
              put(groupBy.with(index, other));
            })}
            ${this.#renderRemove(`Remove row ${String(index + 1)}`, () => {
              put(groupBy.toSpliced(index, 1));
            })}
          </div>`,
      )}
      ${this.#renderAdd("+ Rows by", next !== undefined && groupBy.length < MOST_PARTS, () => {
        if (next !== undefined) put([...groupBy, next]);
      })}
    </fieldset>`;
  }

  #renderPivot(): TemplateResult {
    const { pivot, rest } = this.choices;
    return html`<fieldset data-part="pivot">
      <legend>Columns</legend>
      <div class="part">
        ${
          pivot === undefined
            ? this.#renderSelect("Columns", "", [["", "none"], ...this.#columnOptions(canPivot)], (key) => {
                this.#change({ ...this.choices, pivot: this.#groupBy(key) });
              })
            : this.#renderGroup(
                "Columns",
                pivot,
                canPivot,
                (other) => {
                  this.#change({ ...this.choices, pivot: other });
                },
                true,
              )
        }
      </div>
      ${
        pivot === undefined
          ? nothing
          : html`<label class="flag"
              ><input
                type="checkbox"
                .checked=${rest || this.hasOthers}
                ?disabled=${this.hasOthers}
                @change=${(event: Event) => {
                  this.#change({ ...this.choices, rest: (event.target as HTMLInputElement).checked });
                }}
              />
              all others as one column</label
            >`
      }
    </fieldset>`;
  }

  #renderMeasures(): TemplateResult {
    const { measures } = this.choices;
    const { columns } = this;
    const put = (chosen: readonly ChosenMeasure[]): void => {
      this.#change({ ...this.choices, measures: chosen });
    };
    return html`<fieldset data-part="measures">
      <legend>Measures</legend>
      ${measures.map((measure, index) => {
        const label = `Measure ${String(index + 1)}`;
        const offered = aggregateWords.filter(
          ([word]) => word === "rows" || columnsOf(word, columns).length > 0,
        );
        return html`<div class="part">
          ${this.#renderSelect(label, measure.column === "" ? "rows" : measure.aggregate, offered, (word) => {
            put(measures.with(index, measureBy(word as Aggregate | "rows", measure, columns)));
          })}
          ${
            measure.column === ""
              ? nothing
              : this.#renderSelect(
                  `${label}: column`,
                  measure.column,
                  this.#columnOptions((column) => columnsOf(measure.aggregate, columns).includes(column)),
                  (column) => {
                    put(measures.with(index, { ...measure, column }));
                  },
                )
          }
          ${
            measures.length === 1
              ? nothing
              : this.#renderRemove(`Remove measure ${String(index + 1)}`, () => {
                  put(measures.toSpliced(index, 1));
                })
          }
        </div>`;
      })}
      ${this.#renderAdd("+ Measure", measures.length < MOST_PARTS, () => {
        put([...measures, nextMeasure(this.choices, columns)]);
      })}
    </fieldset>`;
  }

  #renderGroup(
    label: string,
    group: ChosenGroup,
    isOffered: (column: GridColumn) => boolean,
    onChange: (group: ChosenGroup) => void,
    isOptional = false,
  ): TemplateResult {
    const column = this.columns.find((candidate) => keyOf(candidate) === group.column);
    const none: Options = isOptional ? [["", "none"]] : [];
    return html`${this.#renderSelect(
      label,
      group.column,
      [...none, ...this.#columnOptions(isOffered)],
      (key) => {
        const other = this.#groupBy(key);
        if (other === undefined) this.#change({ ...this.choices, pivot: undefined });
        else onChange(other);
      },
    )}
    ${
      column === undefined || !hasGrains(column)
        ? nothing
        : this.#renderSelect(`${label}: unit`, group.grain, grainWords, (grain) => {
            onChange({ ...group, grain: grain as Grain | "" });
          })
    }`;
  }

  #groupBy(key: string): ChosenGroup | undefined {
    const column = this.columns.find((candidate) => keyOf(candidate) === key);
    return column && groupOf(column);
  }

  #columnOptions(isOffered: (column: GridColumn) => boolean): Options {
    return this.columns.flatMap((column) =>
      isOffered(column) ? [[keyOf(column), titleOfKey(keyOf(column), this.columns)] as const] : [],
    );
  }

  #renderSelect(
    label: string,
    chosen: string,
    options: Options,
    onChange: (value: string) => void,
  ): TemplateResult {
    return html`<select
      aria-label=${label}
      @change=${(event: Event) => {
        onChange((event.target as HTMLSelectElement).value);
      }}
    >
      ${options.map(
        ([value, text]) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`,
      )}
    </select>`;
  }

  /** What was added has the focus. */
  #renderAdd(label: string, isPossible: boolean, add: () => void): TemplateResult {
    return html`<button
      type="button"
      ?disabled=${!isPossible}
      @click=${(event: Event) => {
        const part = (event.target as Element).parentElement;
        add();
        // The choices come back from above.
        requestAnimationFrame(() => {
          part?.querySelector<HTMLElement>(".part:last-of-type select")?.focus();
        });
      }}
    >
      ${label}
    </button>`;
  }

  #renderRemove(label: string, remove: () => void): TemplateResult {
    return html`<button
      type="button"
      class="icon"
      aria-label=${label}
      title=${label}
      @click=${(event: Event) => {
        const part = (event.target as Element).closest("fieldset");
        remove();
        void this.updateComplete.then(() => {
          part?.querySelector<HTMLElement>(":scope > button")?.focus();
        });
      }}
    >
      ${renderIcon("close")}
    </button>`;
  }
}

declare global {
  interface HTMLElementEventMap {
    "summary-change": SummaryChangeEvent;
  }
  interface HTMLElementTagNameMap {
    "summary-form": SummaryForm;
  }
}
