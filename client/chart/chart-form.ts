import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Column } from "../../server/api/protocol.js";
import { isEditable, listOption, setOption } from "../../server/notebook/edit-options.js";
import { quote } from "./chart-choices.js";
import { ChartChangeEvent } from "./chart-events.js";
import { mainFields, styleFields, type Choice, type FormField } from "./chart-form-fields.js";

/**
 * `<chart-form>`: the options of a chart by choice. It reads the YAML of the cell and writes into it key by key, so that
 * whatever else stands there stays.
 *
 * @fires chart-change - Something was chosen.
 */
@customElement("chart-form")
export class ChartForm extends LitElement {
  /** Name of the chart cell. */
  @property() cell = "";
  /** The body of the cell. */
  @property() yaml = "";
  /** Of the cell that it draws. */
  @property({ attribute: false }) columns: readonly Column[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    if (!isEditable(this.yaml))
      return html`<p class="note">
        There is a fault in the YAML: correct it below, then it can be set by choice too.
      </p>`;
    return html`<div class="chart-form" role="group" aria-label="Options of ${this.cell}">
        ${this.#renderFields(mainFields)}
      </div>
      <details class="chart-style">
        <summary>Words, colours and formats</summary>
        <div class="chart-form">${this.#renderFields(styleFields)}</div>
      </details>`;
  }

  #renderFields(fields: readonly FormField[]): (TemplateResult | typeof nothing)[] {
    const mark = this.#valueOf("mark") ?? "";
    return fields.map((field) =>
      field.marks?.test(mark) === false && listOption(this.yaml, field.key)?.length === 0
        ? nothing
        : this.#renderField(field),
    );
  }

  #renderField(field: FormField): TemplateResult {
    const { key, label, type } = field;
    const value = this.#valueOf(key);
    if (value === undefined)
      return html`<span class="chart-field"><span>${label}</span><em>set in the YAML</em></span>`;
    if (type === "flag")
      return html`<label class="chart-flag"
        ><input
          type="checkbox"
          data-key=${key}
          .checked=${value === "true"}
          @change=${(event: Event) => {
            this.#write(field, (event.target as HTMLInputElement).checked ? "true" : "");
          }}
        />
        ${label}</label
      >`;
    const onChange = (event: Event): void => {
      this.#write(field, (event.target as HTMLInputElement | HTMLSelectElement).value.trim());
    };
    return html`<label class="chart-field"
      ><span>${label}</span>${
        type === "choice"
          ? html`<select aria-label=${label} data-key=${key} @change=${onChange}>
              ${this.#renderChoices(field, value)}
            </select>`
          : html`<input
              aria-label=${label}
              data-key=${key}
              type=${type}
              min=${type === "number" ? 1 : nothing}
              max=${type === "number" ? 5000 : nothing}
              autocomplete="off"
              .value=${value}
              @change=${onChange}
            />`
      }</label
    >`;
  }

  /** With what is written, whether it is among them or not. */
  #renderChoices({ none, choices }: FormField, value: string): TemplateResult[] {
    const offered = choices?.(this.columns) ?? [];
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

  /** Undefined: it is more than a form can say. */
  #valueOf(key: string): string | undefined {
    const texts = listOption(this.yaml, this.#written(key));
    if (texts === undefined || texts.length > 1) return undefined;
    return key === "mark" ? toMark(texts[0] ?? "") : (texts[0] ?? "");
  }

  /** A colour is written by one of three names. */
  #written(key: string): string {
    if (key !== "fill") return key;
    return ["color", "stroke"].find((other) => listOption(this.yaml, other)?.length !== 0) ?? "fill";
  }

  #write({ key, type }: FormField, value: string): void {
    const written = value === "" ? undefined : type === "text" || type === "choice" ? quote(value) : value;
    const yaml = setOption(this.yaml, this.#written(key), written);
    const isTurned = key === "mark" && (value === "barX") !== (this.#valueOf("mark") === "barX");
    this.dispatchEvent(new ChartChangeEvent(isTurned ? turn(yaml) : yaml));
  }
}

/** Bars that lie have their names on the other axis. */
function turn(yaml: string): string {
  const [x, y] = ["x", "y"].map((key) => listOption(yaml, key)?.map(quote) ?? []);
  const write = (texts: readonly string[] = []): string | undefined =>
    texts.length > 1 ? `[${texts.join(", ")}]` : texts[0];
  const [sort = ""] = listOption(yaml, "sort") ?? [];
  const turned = sort.replace(/^[xy]\b/, (axis) => (axis === "x" ? "y" : "x"));
  const swapped = setOption(setOption(yaml, "x", write(y)), "y", write(x));
  return sort === turned ? swapped : setOption(swapped, "sort", quote(turned));
}

const otherMarks: Readonly<Record<string, string>> = {
  bar: "barY",
  column: "barY",
  line: "lineY",
  area: "areaY",
  scatter: "dot",
  point: "dot",
  rect: "rectY",
  heatmap: "cell",
};

function toMark(written: string): string {
  return otherMarks[written.toLowerCase()] ?? written;
}

declare global {
  interface HTMLElementTagNameMap {
    "chart-form": ChartForm;
  }
}
