import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { isEditable, listOption } from "../../server/notebook/edit-options.js";
import { isPartOfDate } from "../typed-date.js";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

export interface YamlFormField {
  readonly key: string;
  readonly label: string;
  /** `lines`: several values, one a line. */
  readonly type: "choice" | "text" | "number" | "date" | "flag" | "lines" | "sql";
  /** Of a choice: what stands there while nothing is chosen; absent: something must be. */
  readonly none?: string;
  readonly min?: number;
  readonly max?: number;
}

/** The form was changed; `yaml` is the body of the cell. */
export class YamlFormEvent extends Event {
  readonly yaml: string;

  constructor(yaml: string) {
    super("yaml-form-change");
    this.yaml = yaml;
  }
}

/**
 * The options of a cell by choice. It reads the YAML of the cell and writes into it key by key, so that whatever else
 * stands there stays.
 *
 * @fires yaml-form-change - Something was chosen.
 */
export abstract class YamlForm<Field extends YamlFormField> extends LitElement {
  /** Name of the cell. */
  @property() cell = "";
  /** The body of the cell. */
  @property() yaml = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return isEditable(this.yaml)
      ? this.renderForm()
      : html`<p class="note">
          There is a fault in the YAML: correct it below, then it can be set by choice too.
        </p>`;
  }

  protected abstract renderForm(): TemplateResult;
  protected abstract write(field: Field, value: string): void;
  protected abstract choicesOf(field: Field): readonly Choice[];

  /** Undefined: it is more than a form can say. */
  protected textOf({ key }: Pick<Field, "key">): string | undefined {
    const texts = listOption(this.yaml, key);
    return texts === undefined || texts.length > 1 ? undefined : (texts[0] ?? "");
  }

  /** What is wrong with it. */
  protected problemOf(_field: Field): string {
    return "";
  }

  protected tell(yaml: string): void {
    this.dispatchEvent(new YamlFormEvent(yaml));
  }

  protected renderField(field: Field): TemplateResult {
    const { key, label, type } = field;
    const value = this.textOf(field);
    if (value === undefined)
      return html`<span class="form-field"><span>${label}</span><em>set in the YAML</em></span>`;
    if (type === "flag")
      return html`<label class="chart-flag"
        ><input
          type="checkbox"
          data-key=${key}
          .checked=${value === "true"}
          @change=${(event: Event) => {
            this.write(field, (event.target as HTMLInputElement).checked ? "true" : "");
          }}
        />
        ${label}</label
      >`;
    const problem = this.problemOf(field);
    const id = `${this.cell}-${key}-problem`;
    const isLong = type === "lines" || type === "sql";
    return html`<div class="form-field ${isLong ? "wide" : ""}">
      <label><span>${label}</span>${this.#renderEntry(field, value, problem === "" ? undefined : id)}</label>
      ${problem === "" ? nothing : html`<small class="problem" id=${id}>${problem}</small>`}
    </div>`;
  }

  #renderEntry(field: Field, value: string, problem: string | undefined): TemplateResult {
    const { key, label, type, min, max } = field;
    const isInvalid = problem !== undefined;
    const onChange = ({ target }: Event): void => {
      const entry = target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
      if (!(entry instanceof HTMLInputElement && isPartOfDate(entry))) this.write(field, entry.value.trim());
    };
    if (type === "choice")
      return html`<select
        aria-label=${label}
        aria-invalid=${isInvalid}
        aria-describedby=${problem ?? nothing}
        data-key=${key}
        @change=${onChange}
      >
        ${this.#renderChoices(field, value)}
      </select>`;
    if (type === "lines" || type === "sql")
      return html`<textarea
        aria-label=${label}
        aria-invalid=${isInvalid}
        aria-describedby=${problem ?? nothing}
        data-key=${key}
        rows=${Math.min(8, value.split("\n").length + 1)}
        spellcheck="false"
        .value=${value}
        @change=${onChange}
      ></textarea>`;
    return html`<input
      aria-label=${label}
      aria-invalid=${isInvalid}
      aria-describedby=${problem ?? nothing}
      data-key=${key}
      type=${type}
      step=${type === "number" ? "any" : nothing}
      min=${min ?? nothing}
      max=${max ?? nothing}
      autocomplete="off"
      .value=${value}
      @change=${onChange}
    />`;
  }

  /** With what is written, whether it is among them or not. */
  #renderChoices(field: Field, value: string): TemplateResult[] {
    const { none } = field;
    const offered = this.choicesOf(field);
    const isOffered = value === "" || offered.some((choice) => choice.value === value);
    const own: Choice[] = isOffered ? [] : [{ value, label: value }];
    const first: Choice[] =
      none === undefined && value !== "" ? [] : [{ value: "", label: none ?? "choose" }];
    const all = [...first, ...own, ...offered];
    const groups = [...new Set(all.map(({ group }) => group))];
    return groups.map((group) => {
      const options = all
        .filter((choice) => choice.group === group)
        .map(
          (choice) =>
            html`<option value=${choice.value} .selected=${choice.value === value}>${choice.label}</option>`,
        );
      return group === undefined ? html`${options}` : html`<optgroup label=${group}>${options}</optgroup>`;
    });
  }
}
