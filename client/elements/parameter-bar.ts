import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { NotebookView } from "../../server/api/protocol.js";
import { isPartOfDate } from "../typed-date.js";

type Parameter = NotebookView["parameters"][number];

/** The user gave a parameter another value for this page's runs. */
export class ParameterChangeEvent extends Event {
  readonly name: string;
  /** Undefined: the default again. */
  readonly value: unknown;

  constructor(name: string, value: unknown) {
    super("parameter-change", { bubbles: true, composed: true });
    this.name = name;
    this.value = value;
  }
}

const inputTypes: Readonly<Record<Parameter["type"], string>> = {
  string: "text",
  integer: "number",
  number: "number",
  boolean: "checkbox",
  date: "date",
  timestamp: "text",
};

/**
 * The parameters of the front matter. A value given here holds for this page's runs; the file keeps its defaults.
 *
 * @fires parameter-change - A field was changed.
 */
@customElement("parameter-bar")
export class ParameterBar extends LitElement {
  @property({ attribute: false }) parameters: readonly Parameter[] = [];
  @property({ attribute: false }) values: Readonly<Record<string, unknown>> = {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.parameters.length === 0) return nothing;
    return html`<details class="parameters">
      <summary>
        Parameters
        ${Object.keys(this.values).length > 0 ? html`<span class="badge warned">changed for this page</span>` : nothing}
      </summary>
      <div class="parameter-fields">
        ${this.parameters.map(
          (parameter) =>
            html`<label title=${parameter.description ?? ""}
              ><code>$${parameter.name}</code> ${this.#renderField(parameter)}</label
            >`,
        )}
      </div>
    </details>`;
  }

  #renderField(parameter: Parameter): TemplateResult {
    const { name, defaultValue } = parameter;
    const value = Object.hasOwn(this.values, name) ? this.values[name] : defaultValue;
    const type = inputTypes[parameter.type];
    if (type === "checkbox")
      return html`<input
        type="checkbox"
        .checked=${value === true}
        @change=${(event: Event) => {
          this.#tell(parameter, (event.target as HTMLInputElement).checked);
        }}
      />`;
    const text = Array.isArray(value)
      ? value.join(",")
      : value === null
        ? ""
        : (value as string | number).toString();
    return html`<input
      type=${type}
      step=${parameter.type === "integer" ? "1" : "any"}
      .value=${text}
      @change=${(event: Event) => {
        const field = event.target as HTMLInputElement;
        if (!isPartOfDate(field)) this.#tell(parameter, field.value);
      }}
    />`;
  }

  #tell(parameter: Parameter, value: string | boolean): void {
    const isDefault = String(parameter.defaultValue) === String(value);
    this.dispatchEvent(new ParameterChangeEvent(parameter.name, isDefault ? undefined : value));
  }
}
